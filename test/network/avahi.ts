// Owns an Avahi daemon on a host, with a configuration and a service of its own; this machine's stay untouched.
// Does not own the host (site-host.ts).

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '../cli/cli-process.ts'
import type { SiteHost } from './site-host.ts'

export interface AvahiService {
  readonly name: string
  /** `_http._tcp`. */
  readonly type: string
  readonly port: number
}

const STARTS_WITHIN = 10_000
const CONFIGURATION = `[server]
enable-dbus=no
allow-interfaces=lan0
`
/** It looks for its files at fixed places: there the daemon, and nobody else, finds ours. */
const IN_PLACE =
  'mount --bind "$0" /etc/avahi && mkdir -p /run/avahi-daemon && mount -t tmpfs none /run/avahi-daemon && exec "$@"'

export class Avahi {
  readonly #directory: string
  readonly #daemon: ChildProcess
  #log = ''

  private constructor(directory: string, daemon: ChildProcess) {
    this.#directory = directory
    this.#daemon = daemon
    for (const stream of [daemon.stdout, daemon.stderr]) {
      stream?.on('data', (chunk) => {
        this.#log += String(chunk)
      })
    }
  }

  /** Resolves when the service is established. */
  static async start(host: SiteHost, { name, type, port }: AvahiService): Promise<Avahi> {
    const directory = mkdtempSync(join(tmpdir(), 'avahi-'))
    mkdirSync(join(directory, 'services'))
    writeFileSync(join(directory, 'avahi-daemon.conf'), CONFIGURATION)
    const service = `<service><type>${type}</type><port>${port}</port></service>`
    const group = `<service-group><name>${name}</name>${service}</service-group>`
    writeFileSync(join(directory, 'services', 'one.service'), group)
    const [command = '', ...before] = host.before
    const daemon = ['avahi-daemon', '--no-drop-root', '--no-chroot', '--no-rlimits']
    const child = spawn(command, [...before, 'unshare', '--mount', 'sh', '-c', IN_PLACE, directory, ...daemon])
    const started = new Avahi(directory, child)
    if (!(await until(() => /successfully established/.test(started.log) || undefined, STARTS_WITHIN))) {
      throw new Error(`Avahi does not publish its service:\n${started.log}`)
    }
    return started
  }

  /** What it has said so far. */
  get log(): string {
    return this.#log
  }

  /** It says goodbye, and leaves nothing behind. */
  async stop(): Promise<void> {
    if (this.#daemon.exitCode === null && this.#daemon.signalCode === null) {
      this.#daemon.kill('SIGTERM')
      await once(this.#daemon, 'close')
    }
    rmSync(this.#directory, { recursive: true, force: true })
  }
}
