// Owns what one command works with: its output, the registry or DNS-SD it opened, and when it has to end.
// Does not own any verb (commands/) nor the process (main.ts).
import { networkInterfaces } from 'node:os'
import { createDnssd, type Dnssd } from '../dnssd.ts'
import { RegistryError } from '../errors.ts'
import { createRegistry, type Registry } from '../index.ts'
import { interfacesFromEnvironment, linksOf } from '../net/links.ts'
import type { WireName } from '../registry/mdns.ts'
import type { Output } from './output.ts'

/** The options that every command takes. */
export interface CommonOptions {
  readonly interface?: readonly string[]
  readonly ipv4?: boolean
  readonly ipv6?: boolean
  readonly json?: boolean
  readonly timeout?: number
  readonly registry?: string
  readonly wire?: readonly WireName[]
  readonly registryAddress?: readonly string[]
}

export interface SessionParts {
  readonly options: CommonOptions
  readonly output: Output
  readonly signal: AbortSignal
  /** Told what goes wrong on the way without ending the command. */
  readonly warn: (warning: Error) => void
  /** Where the program lies that runs, for a command that starts it, or a neighbour of it. */
  readonly program: URL
}

export class Session {
  readonly output: Output
  /** Aborted when the user, or the reader of our output, has had enough. */
  readonly signal: AbortSignal
  readonly options: CommonOptions
  /** Tells what goes wrong without ending the command. */
  readonly warn: (warning: Error) => void
  /** Where the program lies that runs. */
  readonly program: URL
  readonly #opened: { close(): Promise<void> }[] = []

  constructor({ options, output, signal, warn, program }: SessionParts) {
    this.options = options
    this.output = output
    this.signal = signal
    this.warn = warn
    this.program = program
  }

  registry(): Registry {
    const { registry, registryAddress, timeout, wire } = this.options
    const opened = createRegistry({
      ...this.#where(),
      ...(registry ? { backend: registry } : {}),
      ...(wire ? { wire } : {}),
      ...(registryAddress?.length ? { addresses: registryAddress } : {}),
      ...(timeout === undefined ? {} : { timeout }),
    })
    this.#opened.push(opened)
    opened.on('warning', this.warn)
    if (['mdns', 'go-micro'].includes(opened.toString())) this.#needLink()
    return opened
  }

  dnssd(): Dnssd {
    this.#needLink()
    const opened = createDnssd(this.#where())
    this.#opened.push(opened)
    opened.on('warning', this.warn)
    return opened
  }

  /** What bounds a single question: the signal, and `--timeout` where it is given. */
  get wait(): { readonly signal: AbortSignal; readonly timeout?: number } {
    const { timeout } = this.options
    return timeout === undefined ? { signal: this.signal } : { signal: this.signal, timeout }
  }

  /** The signal of the session, or the end of the time that `--timeout` gives. */
  within(timeout = this.options.timeout): AbortSignal {
    if (timeout === undefined) return this.signal
    return AbortSignal.any([this.signal, AbortSignal.timeout(timeout)])
  }

  /** Goodbyes are on the wire when it resolves. */
  async close(): Promise<void> {
    await Promise.all(this.#opened.map((opened) => opened.close()))
  }

  /** A library waits for a link to come up; somebody at a terminal wants to know that there is none. */
  #needLink(): void {
    const interfaces = this.options.interface ?? interfacesFromEnvironment(process.env)
    if (linksOf(networkInterfaces(), { ...this.#where(), interfaces }).length > 0) return
    const asked = interfaces === undefined ? '' : ` matches ${interfaces.join(', ')}`
    throw new RegistryError(
      'ERR_NO_INTERFACE',
      `No interface that is up${asked}; -i takes the name or an address of one.`,
    )
  }

  #where() {
    const { interface: interfaces, ipv4, ipv6 } = this.options
    return {
      ...(interfaces === undefined ? {} : { interfaces: [...interfaces] }),
      ...(ipv4 === ipv6 ? {} : { families: [ipv4 ? 4 : 6] as const }),
    }
  }
}
