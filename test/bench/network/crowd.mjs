// Owns a crowd: many programs of one library on one host, each of which publishes a service and browses for all.
// Does not own the library (../peers/).
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { monotonic } from '../../peers/orders.mjs'
import { start } from '../peers/peers.mjs'
import { Lan } from './lan.mjs'
import { serviceOf, TYPE } from './pair.mjs'

/** More would only wait for each other: a start is some 0.15 s of work for a processor. */
const STARTING_AT_ONCE = 8
/** Milliseconds after the last start. */
const PATIENCE = 60_000
/** Of the unit in which the kernel tells processor time. */
const TICK = 10

/**
 * `all`: milliseconds from when the last had started until each knew all others; `cpu`: milliseconds of processor time
 * of each until then; `sent`: datagrams of all. Rejects when they do not within a minute.
 */
export async function crowd(peer, count, verbs) {
  const lan = new Lan()
  try {
    const [host] = lan.hosts
    const { members, lastStart } = await gather(peer, lan, count, verbs)
    const known = await Promise.all(members.map((member) => acquainted(member, count - 1, lastStart)))
    const cpu = members.reduce((sum, { program }) => sum + processorTime(program.pid), 0) / count
    const missing = known.filter(({ others }) => others < count - 1)
    if (missing.length > 0) throw new Error(complaint(missing, count))
    return { all: Math.max(...known.map(({ at }) => at)) - lastStart, cpu, sent: datagramsSent(host) }
  } finally {
    await lan.close()
  }
}

/** All on one host, only so many starting at any time. */
async function gather(peer, lan, count, verbs) {
  const numbers = Array(count).keys()
  const members = []
  let lastStart = 0
  const startSome = async () => {
    for (const number of numbers) {
      const name = `member-${number + 1}`
      const program = await start(peer, lan, lan.hosts[0])
      program.order(verbs.publish, serviceOf(name))
      lastStart = program.order(verbs.browse, { type: TYPE })
      members.push({ name, program })
    }
  }
  await Promise.all(Array.from({ length: STARTING_AT_ONCE }, startSome))
  return { members, lastStart }
}

/** How many others the member knows, and since when, once it knows all or patience is at its end. */
async function acquainted({ name, program }, wanted, from) {
  const within = from + PATIENCE - monotonic()
  const { count, last } = await program.names('up', wanted, { within, but: name })
  return { others: count, at: last }
}

function complaint(missing, count) {
  const least = Math.min(...missing.map(({ others }) => others))
  return `after a minute ${missing.length} of ${count} do not know all others; one knows ${least}`
}

/** Milliseconds of a process and of what it has waited for. */
function processorTime(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * TICK
}

function datagramsSent({ namespace }) {
  const words = ['netns', 'exec', namespace, 'cat', '/proc/net/snmp', '/proc/net/snmp6']
  const text = execFileSync('ip', words, { encoding: 'utf8' })
  return Number(/^Udp: (?:\d+ ){3}(\d+)/m.exec(text)?.[1]) + Number(/^Udp6OutDatagrams\s+(\d+)/m.exec(text)?.[1])
}
