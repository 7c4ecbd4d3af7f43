// Starts as many processes as it is told to, each of which registers a service and watches all; only so many of them
// are starting at any time. Tells when the last had started and when all knew all, in milliseconds, and ends them.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const [count, atOnce, patience] = process.argv.slice(2).map(Number)
const MEMBER = fileURLToPath(new URL('crowd-member.mjs', import.meta.url))
const members = []
const begun = Date.now()
let lastStart = 0
let starting = 0

await new Promise((resolve) => {
  const overdue = setTimeout(resolve, patience)
  const next = () => {
    while (starting < atOnce && members.length < count) start(next, settle)
  }
  const settle = () => {
    if (members.length < count || members.some(({ complete }) => complete === undefined)) return
    clearTimeout(overdue)
    resolve()
  }
  next()
})
const drops = dropped()
const sent = datagramsSent()
// The first to end says goodbye to the others.
const surprises = members.flatMap((member) => member.surprises)
for (const { child } of members) child.kill('SIGTERM')
const ended = await Promise.all(members.map(({ closed }) => closed))
const complete = members.map((member) => member.complete)
console.log(
  JSON.stringify({
    event: 'over',
    starts: lastStart - begun,
    all: Math.max(...complete.map((each) => each?.at ?? Number.POSITIVE_INFINITY)) - lastStart,
    /** Of processor time in each process, until it knew all. */
    cpu: Math.round(complete.reduce((sum, each) => sum + (each?.cpu ?? 0), 0) / count),
    sent,
    drops,
    incomplete: members.filter((member) => member.complete === undefined).map(({ last }) => last),
    surprises,
    failed: ended.filter(([code]) => code !== 0).length,
  }),
)

function start(next, settle) {
  const name = `service-${members.length}`
  const child = spawn(process.execPath, [MEMBER, name, String(count)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const member = { child, closed: once(child, 'close'), complete: undefined, last: name, surprises: [] }
  members.push(member)
  starting += 1
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = JSON.parse(text)
    if (line.event === 'started') {
      starting -= 1
      lastStart = Date.now()
      next()
    } else if (line.event === 'complete') member.complete = line
    else if (line.event === 'ended') member.last = text
    else member.surprises.push(text)
    settle()
  })
}

/** Datagrams that no socket had room for, RFC 6762 has no word for them: the last column of the kernel's lists. */
function dropped() {
  const rows = ['udp', 'udp6'].flatMap((file) => readFileSync(`/proc/net/${file}`, 'utf8').trim().split('\n').slice(1))
  return rows.reduce((sum, row) => sum + Number(row.trim().split(/\s+/).at(-1)), 0)
}

function datagramsSent() {
  return Number(/^Udp: (?:\d+ ){3}(\d+)/m.exec(readFileSync('/proc/net/snmp', 'utf8'))?.[1])
}
