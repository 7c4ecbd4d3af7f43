// Owns what the package costs before it does anything: what is installed, what loading takes, what it does idle.
// Does not own how an installed copy is made (footprint/installed.mjs).
import { existsSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { compare, NOT_INSTALLED } from '../figure.mjs'
import { installed, ofThisProject } from '../footprint/installed.mjs'
import { cpuTime, udpCounts } from '../intake/usage.mjs'
import { Lan, whyNoLan } from '../network/lan.mjs'

export const title = 'Footprint'

const LIMIT = { milliseconds: 40, packages: 8, megabytes: 1.5 }
const IMPORTS = 15
const PEERS = ['bonjour-service', 'multicast-dns', 'ciao', 'dnssd', 'matter.js']
const SPECIFIERS = { ciao: '@homebridge/ciao', 'matter.js': '@matter/general' }
const SETTLED = 8_000
/** Datagrams in a minute; what says more has not come to rest, so that its figures would not be of an idle program. */
const RESTLESS = 60
const IDLE = 60_000

const at = (path) => fileURLToPath(new URL(path, import.meta.url))

/** Every one in a folder of its own, by name; a string where that cannot be done. */
async function copies(log) {
  log('packs and installs')
  const found = { ours: await ofThisProject() }
  for (const peer of PEERS) found[peer] = await installed(SPECIFIERS[peer] ?? peer)
  return found
}

async function* installedFigures(log, all) {
  const of = (read) => {
    const values = Object.entries(all).map(([name, copy]) => [name, typeof copy === 'string' ? copy : read(copy)])
    const { ours, ...peers } = Object.fromEntries(values)
    return { ours, peers }
  }
  log('counts')
  yield { title: 'packages installed', unit: '', ...of((copy) => copy.packages), limit: LIMIT.packages }
  yield { title: 'installed', unit: 'MB', ...of((copy) => copy.bytes / 1e6), limit: LIMIT.megabytes }
  const { commands, files } = all.ours.loaded()
  const figure = { title: 'modules of the command line that an import loads', unit: '', ours: commands, peers: {} }
  yield { ...figure, limit: 0, note: `of ${files} modules in all` }
}

async function* importFigures(log, all, quick) {
  log('imports')
  const contestants = Object.fromEntries(
    Object.entries(all).map(([name, copy]) => [name, typeof copy === 'string' ? copy : () => copy.importTime()]),
  )
  const result = await compare({ ...contestants, 'empty script': () => all.ours.emptyTime() }, quick ? 5 : IMPORTS)
  const { 'empty script': empty, ...peers } = result.peers
  const over = (value) => (typeof value === 'number' ? value - empty : value)
  yield {
    title: 'import, over an empty script',
    unit: 'ms',
    ours: over(result.ours),
    peers: Object.fromEntries(Object.entries(peers).map(([name, value]) => [name, over(value)])),
    limit: LIMIT.milliseconds,
    note: `median of ${quick ? 5 : IMPORTS} processes; the empty script takes ${empty.toFixed(0)} ms`,
  }
}

/** What a program still does that published a service: milliseconds on the processor, and datagrams sent. */
async function idle(name, milliseconds) {
  const program = at(name === 'ours' ? '../footprint/registry.mjs' : `../peers/${name}.mjs`)
  if (!existsSync(program)) return NOT_INSTALLED
  const lan = new Lan()
  try {
    const [host] = lan.hosts
    const child = lan.start(host, [process.execPath, program, host.address], ['pipe', 'ignore', 'ignore'])
    child.stdin.write(`${JSON.stringify({ order: 'publish', name: 'Idle 1', type: 'bench', port: 1024 })}\n`)
    await delay(SETTLED)
    const before = { cpu: cpuTime(child.pid), sent: udpCounts(child.pid).sent }
    await delay(milliseconds)
    const sent = udpCounts(child.pid).sent - before.sent
    if (sent > (RESTLESS * milliseconds) / IDLE) return 'does not come to rest on this network'
    return {
      cpu: (cpuTime(child.pid) - before.cpu) / 1e3,
      sent,
      everSent: before.sent,
    }
  } catch (error) {
    return `fails: ${error.message}`
  } finally {
    await lan.close()
  }
}

/** All at the same time: none of them has anything to do. */
async function* idleFigures(log, quick) {
  const reason = whyNoLan()
  if (reason) return log(`no network: ${reason}`)
  const seconds = (quick ? IDLE / 6 : IDLE) / 1000
  log(`is idle for ${seconds} s`)
  const names = ['ours', ...PEERS.filter((peer) => peer !== 'matter.js')]
  const results = await Promise.all(names.map((name) => idle(name, seconds * 1000)))
  const [ours] = results
  if (typeof ours === 'string' || ours.everSent === 0) throw new Error('ours published nothing')
  const peers = (read) =>
    Object.fromEntries(
      names.slice(1).map((name, index) => {
        const result = results[index + 1]
        return [name, typeof result === 'string' ? result : read(result)]
      }),
    )
  const note = 'measured once, a service registered'
  const figure = (what, unit, read) => ({
    title: `idle ${seconds} s: ${what}`,
    unit,
    ours: read(ours),
    peers: peers(read),
  })
  yield { ...figure('time on the processor', 'ms', ({ cpu }) => cpu), note }
  yield { ...figure('datagrams sent', '', ({ sent }) => sent), limit: 0, note }
}

export async function* figures({ quick, log }) {
  const all = await copies(log)
  try {
    yield* installedFigures(log, all)
    yield* importFigures(log, all, quick)
  } finally {
    for (const copy of Object.values(all)) copy.remove?.()
  }
  yield* idleFigures(log, quick)
}
