// Owns one avahi-daemon on a host of the bench, with a message bus and a configuration of its own.
// Does not own what is asked of it (../../peers/avahi.py); nothing of the machine's own daemon is touched.
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const OPEN = fileURLToPath(new URL('../../peers/open-bus.conf', import.meta.url))
const STARTS_WITHIN = 10_000
/** It writes to places that are the same on every host: here each has its own, and they are empty. */
const APART =
  'mkdir -p /run/avahi-daemon && mount -t tmpfs none /run/avahi-daemon && mount -t tmpfs none /etc/avahi/services'
/** What it limits by default would end it at some 500 services. */
const CONFIGURATION = `[server]
use-ipv4=yes
use-ipv6=yes
allow-interfaces=wire
objects-per-client-max=8192
cache-entries-max=32768
[publish]
publish-hinfo=no
publish-workstation=no
`

/**
 * Resolves when its own host name is established, with the setting of the environment that leads to its bus and what
 * ends the two.
 */
export async function startAvahi(lan, host) {
  const directory = mkdtempSync(join(tmpdir(), 'mdnsr-bench-avahi-'))
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }))
  const socket = join(directory, 'bus')
  const bus = `DBUS_SYSTEM_BUS_ADDRESS=unix:path=${socket}`
  writeFileSync(join(directory, 'bus.conf'), busConfigurationAt(socket))
  writeFileSync(join(directory, 'avahi.conf'), CONFIGURATION)
  const children = []
  const run = (says, ...words) => {
    const apart = ['env', bus, 'unshare', '--mount', 'sh', '-c', `${APART} && exec "$@"`, '--']
    const child = lan.start(host, [...apart, ...words], ['ignore', 'pipe', 'pipe'])
    children.unshift(child)
    return told(child, says)
  }
  const busFile = `--config-file=${join(directory, 'bus.conf')}`
  await run('unix:path', 'dbus-daemon', busFile, '--nofork', '--nopidfile', '--print-address')
  const file = join(directory, 'avahi.conf')
  await run('Server startup complete', 'avahi-daemon', '--no-drop-root', '--no-chroot', '--no-rlimits', '-f', file)
  return { setting: bus, end: (signal) => endAll(children, signal) }
}

/** The daemon says goodbye before its bus goes. */
async function endAll(children, signal = 'SIGTERM') {
  for (const child of children) {
    const closed = once(child, 'close')
    if (child.exitCode === null && child.signalCode === null && child.kill(signal)) await closed
  }
}

function told(child, text) {
  return new Promise((resolve, reject) => {
    let said = ''
    const overdue = setTimeout(() => reject(new Error(`it has not said '${text}': ${said}`)), STARTS_WITHIN)
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        if (said.length < 10_000) said += chunk
        if (!said.includes(text)) return
        clearTimeout(overdue)
        resolve()
      })
    }
  })
}

/** A bus on which everybody may say everything. */
function busConfigurationAt(path) {
  return `<busconfig>
  <listen>unix:path=${path}</listen>
  <include>${OPEN}</include>
  <limit name="max_match_rules_per_connection">8192</limit>
  <limit name="max_replies_per_connection">8192</limit>
</busconfig>
`
}
