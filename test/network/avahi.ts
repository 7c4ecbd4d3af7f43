// Owns one avahi-daemon on a host, with a message bus and a configuration of its own, and what is asked of it.
// Does not own the host (site-host.ts); nothing of the machine's own daemon, if there is one, is touched.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { until } from '../cli/cli-process.ts'
import type { SiteHost } from './site-host.ts'

const OPEN = fileURLToPath(new URL('../peers/open-bus.conf', import.meta.url))
const STARTS_WITHIN = 10_000
/** It writes to places that are the same on every host: here each has its own, and they are empty. */
const APART =
  'mkdir -p /run/avahi-daemon && mount -t tmpfs none /run/avahi-daemon && mount -t tmpfs none /etc/avahi/services'
const TOOLS = ['dbus-daemon', 'avahi-daemon', 'avahi-publish', 'avahi-browse']
const started: Avahi[] = []

export class Avahi {
  /** The setting of the environment that leads to its message bus. */
  readonly bus: string
  readonly #directory = mkdtempSync(join(tmpdir(), 'avahi-'))
  readonly #before: readonly string[]
  readonly #children: ChildProcess[] = []
  #told = ''

  private constructor(host: Pick<SiteHost, 'before'>) {
    this.bus = `DBUS_SYSTEM_BUS_ADDRESS=unix:path=${join(this.#directory, 'bus')}`
    const apart = ['unshare', '--mount', 'sh', '-c', `${APART} && exec "$@"`, '--']
    this.#before = [...host.before, 'env', this.bus, ...apart]
  }

  /** Undefined where it is not installed. */
  static version(): string | undefined {
    const { status, stdout } = spawnSync('avahi-daemon', ['--version'], { encoding: 'utf8' })
    return status === 0 ? stdout.trim().split(' ').at(-1) : undefined
  }

  /** Resolves when its own host name is established. Rejects where it is not installed. */
  static async start(host: Pick<SiteHost, 'before'>): Promise<Avahi> {
    for (const tool of TOOLS)
      execFileSync('sh', ['-c', `command -v ${tool} || { echo ${tool} is missing >&2; false; }`])
    const avahi = new Avahi(host)
    started.push(avahi)
    const busConfiguration = avahi.#write('bus.conf', busConfigurationAt(join(avahi.#directory, 'bus')))
    avahi.#run('dbus-daemon', `--config-file=${busConfiguration}`, '--nofork', '--nopidfile', '--print-address')
    await avahi.#says('unix:path')
    const configuration = avahi.#write('avahi.conf', CONFIGURATION)
    avahi.#run('avahi-daemon', '--no-drop-root', '--no-chroot', '--no-rlimits', '-f', configuration)
    await avahi.#says('Server startup complete')
    return avahi
  }

  static async stopAll(): Promise<void> {
    await Promise.all(started.splice(0).map((avahi) => avahi.stop()))
  }

  /** Resolves when the service is established. */
  async publish(name: string, type: string, port: number): Promise<void> {
    this.#run('avahi-publish', '-s', name, type, `${port}`)
    await this.#says(`Established under name '${name}'`)
  }

  /** What it resolves now, once it has heard nothing new for a second: name, host and port. */
  browse(type: string): readonly string[] {
    const [command = '', ...words] = [...this.#before, 'avahi-browse', '--resolve', '--parsable', '--terminate', type]
    const lines = execFileSync(command, words, { encoding: 'utf8', timeout: STARTS_WITHIN }).split('\n')
    const resolved = lines.filter((line) => line.startsWith('=;')).map((line) => line.split(';'))
    return [...new Set(resolved.map((fields) => `${fields[3]} ${fields[6]} ${fields[8]}`))].sort()
  }

  /** All that it has printed so far. */
  get told(): string {
    return this.#told
  }

  async stop(): Promise<void> {
    for (const child of this.#children.reverse()) {
      const closed = once(child, 'close')
      if (child.exitCode === null && child.kill()) await closed
    }
    rmSync(this.#directory, { recursive: true })
  }

  #run(...words: readonly string[]): void {
    const [command = '', ...rest] = [...this.#before, ...words]
    const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'] })
    this.#children.push(child)
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        this.#told += String(chunk)
      })
    }
  }

  #write(file: string, text: string): string {
    const path = join(this.#directory, file)
    writeFileSync(path, text)
    return path
  }

  async #says(text: string): Promise<void> {
    if (await until(() => this.#told.includes(text) || undefined, STARTS_WITHIN)) return
    throw new Error(`avahi has not said '${text}':\n${this.#told}`)
  }
}

const CONFIGURATION = `[server]
use-ipv4=yes
use-ipv6=yes
allow-interfaces=lan0
[publish]
publish-hinfo=no
publish-workstation=no
`

/** A bus on which everybody may say everything. */
function busConfigurationAt(path: string): string {
  return `<busconfig>
  <listen>unix:path=${path}</listen>
  <include>${OPEN}</include>
</busconfig>
`
}
