// Owns which programs the bench has beside ours, how each is started on a host, and why one cannot be.
// Does not own what they do (the programs of this folder and of test/peers).
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { startAvahi } from '../network/avahi.mjs'
import { Program } from '../network/program.mjs'

const at = (path) => fileURLToPath(new URL(path, import.meta.url))
const PYTHON = at('../.venv/bin/python')
const HASHICORP = at('../go/hashicorp/program')
const READY_WITHIN = 60_000
const NOT_INSTALLED = 'not installed'

const onlyWith = (path) => () => (existsSync(path) ? undefined : NOT_INSTALLED)
const ofNpm = (file, name = file) => ({
  missing: onlyWith(at(`../node_modules/${name}`)),
  words: () => [process.execPath, at(`${file}.mjs`)],
})

export const OURS = { missing: () => undefined, words: () => [process.execPath, at('ours.mjs')] }
/** The same by way of a registry, which takes orders of its own. */
export const REGISTRY = { ...OURS, words: () => [process.execPath, at('ours.mjs'), 'registry'] }

/**
 * `missing` tells why a peer cannot be had, `browsesNot` why it only publishes, and `forgetsNot` why nothing that it
 * heard runs out; `prepare` comes before its start; `isDaemon` if all programs of a host share one.
 */
export const PEERS = {
  'bonjour-service': ofNpm('bonjour-service'),
  '@homebridge/ciao': { ...ofNpm('ciao', '@homebridge/ciao'), browsesNot: 'has no browser' },
  dnssd: ofNpm('dnssd'),
  'multicast-dns': { ...ofNpm('multicast-dns'), forgetsNot: 'leaves it to programs to forget what they heard' },
  '@matter/general': { missing: () => 'has neither sockets of its own nor an advertiser' },
  'python-zeroconf': {
    missing: onlyWith(PYTHON),
    words: (_bus, { address }) => [PYTHON, at('../../peers/python-zeroconf.py'), address],
  },
  avahi: {
    missing: whyNoAvahi,
    prepare: startAvahi,
    isDaemon: true,
    words: (bus) => ['env', bus, PYTHON, at('../../peers/avahi.py')],
  },
  'hashicorp/mdns': { missing: onlyWith(HASHICORP), words: () => [HASHICORP] },
}

/** Those that are here, ours first, by name; and why others are not. */
export function contestants() {
  const all = Object.entries({ ours: OURS, ...PEERS })
  const reasons = all.map(([name, peer]) => [name, peer.missing()]).filter(([, reason]) => reason !== undefined)
  return { present: new Map(all.filter(([, peer]) => peer.missing() === undefined)), reasons: new Map(reasons) }
}

/** Resolves with the program once it takes orders. */
export async function start(peer, lan, host) {
  const { setting, end } = (await peer.prepare?.(lan, host)) ?? {}
  const program = new Program(lan, host, peer.words(setting, host), end)
  if (await program.event(({ event }) => event === 'ready', { within: READY_WITHIN })) return program
  throw new Error(`does not start: ${program.errors}`)
}

function whyNoAvahi() {
  const tools = ['dbus-daemon', 'avahi-daemon']
  const isMissing = !existsSync(PYTHON) || tools.some((tool) => spawnSync(tool, ['--version']).error)
  return isMissing ? NOT_INSTALLED : undefined
}
