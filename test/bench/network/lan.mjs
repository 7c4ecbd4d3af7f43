// Owns links of two hosts, each a network namespace with a name of its own, and everything that runs on them.
// Does not own what the programs on them are told (program.mjs). Whatever becomes of the bench, nothing is left.
import { execFileSync, spawn } from 'node:child_process'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']
const lans = new Set()
let count = 0

/** Why there can be no network here; undefined when there can. */
export function whyNoLan() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'needs Linux and root'
  try {
    execFileSync('ip', ['netns', 'list'], { stdio: 'ignore' })
    return undefined
  } catch {
    return 'needs ip (iproute2)'
  }
}

export class Lan {
  /** Two hosts, 198.18.0.1 and 198.18.0.2, each with the interface `wire`. */
  hosts
  #children = new Set()

  constructor() {
    if (lans.size === 0) guard()
    lans.add(this)
    count += 1
    this.hosts = ['one', 'two'].map((role, index) => ({
      namespace: `mdnsr-bench-${process.pid}-${count}-${role}`,
      name: `bench-${count}-${role}`,
      address: `198.18.0.${index + 1}`,
    }))
    const [one, two] = this.hosts
    for (const { namespace } of this.hosts) prepare(namespace)
    ip('-n', one.namespace, 'link', 'add', 'plug', 'type', 'veth', 'peer', 'name', 'plug', 'netns', two.namespace)
    connect(one, two)
    connect(two, one)
  }

  /** Starts a command on a host; the process becomes the command. */
  start({ namespace, name }, words, stdio) {
    const named = ['unshare', '--uts', 'sh', '-c', `echo ${name} >/proc/sys/kernel/hostname && exec "$@"`, '--']
    const child = spawn('ip', ['netns', 'exec', namespace, ...named, ...words], { stdio })
    this.#children.add(child)
    child.once('close', () => this.#children.delete(child))
    return child
  }

  /** Kills what still runs, and resolves when nothing of it is left. */
  async close() {
    const closed = [...this.#children].map((child) => new Promise((resolve) => child.once('close', resolve)))
    for (const child of this.#children) child.kill('SIGKILL')
    await Promise.all(closed)
    this.abandon()
  }

  /** As `close`, for a process that has no time to wait. */
  abandon() {
    if (!lans.delete(this)) return
    for (const child of this.#children) child.kill('SIGKILL')
    for (const { namespace } of this.hosts) ip('netns', 'delete', namespace)
    if (lans.size === 0) unguard()
  }
}

function prepare(namespace) {
  ip('netns', 'add', namespace)
  // Nobody else has our link-local addresses: without RFC 4862 §5.4 they are there at once.
  for (const key of ['all', 'default']) sysctl(namespace, `ipv6/conf/${key}/accept_dad`, 0)
  ip('-n', namespace, 'link', 'set', 'lo', 'up')
}

/** Behind a bridge, as one peer knows no end of a veth pair, and with a way out, without which others send nothing. */
function connect({ namespace, address }, { address: there }) {
  // What no interface is named for must not leave by the port of the bridge.
  sysctl(namespace, 'ipv6/conf/plug/disable_ipv6', 1)
  const commands = [
    'link add wire type bridge mcast_snooping 0 forward_delay 0',
    'link set plug master wire up',
    `addr add ${address}/24 dev wire`,
    'link set wire up',
    `route add default via ${there}`,
  ]
  execFileSync('ip', ['-n', namespace, '-batch', '-'], {
    input: commands.join('\n'),
    stdio: ['pipe', 'ignore', 'pipe'],
  })
}

function sysctl(namespace, key, value) {
  execFileSync('ip', ['netns', 'exec', namespace, 'sh', '-c', `echo ${value} >/proc/sys/net/${key}`])
}

function abandonAll() {
  for (const lan of [...lans]) lan.abandon()
}

function interrupted(signal) {
  abandonAll()
  process.kill(process.pid, signal)
}

function guard() {
  process.once('exit', abandonAll)
  process.once('disconnect', process.exit)
  for (const signal of SIGNALS) process.once(signal, interrupted)
}

function unguard() {
  process.off('exit', abandonAll)
  process.off('disconnect', process.exit)
  for (const signal of SIGNALS) process.off(signal, interrupted)
}

function ip(...words) {
  execFileSync('ip', words, { stdio: ['ignore', 'ignore', 'pipe'] })
}
