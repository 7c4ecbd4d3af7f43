// Owns one standing question of the registry and the table that its answers fill, for as long as somebody needs it.
// Does not own which questions stand (views.ts), nor how instances are resolved (dnssd/browser.ts).
import type { Browser } from '../dnssd/browser.ts'
import type { Dnssd } from '../dnssd/dnssd.ts'
import type { Service as Instance } from '../dnssd/types.ts'
import type { Host } from '../host/host.ts'
import type { Cancel } from '../host/ports.ts'
import type { RemovalReason } from '../mdns/types.ts'
import { heardNode } from './heard-node.ts'
import type { View } from './medium.ts'
import { NodeTable, type Reason } from './node-table.ts'
import { SERVICE_TYPE } from './offer.ts'

/** Shared records are answered within 120 ms, RFC 6762 §6; whoever is silent for longer has nothing to say. */
const QUIET = 130
/** Whoever asks for all wants those too that just multicast their record, and are silent for a second, RFC 6762 §6. */
const QUIET_ALL = 1_130
/** How long a question stands after its last use, in milliseconds, so that the next one is answered at once. */
const IDLE = 300_000

const REASONS: Readonly<Record<RemovalReason, Reason>> = {
  goodbye: 'goodbye',
  superseded: 'goodbye',
  expired: 'expired',
  'link-gone': 'expired',
  evicted: 'expired',
  unconfirmed: 'verify-failed',
}

export interface StandingViewOptions {
  readonly dnssd: Dnssd
  readonly host: Host
  /** Undefined for all services. */
  readonly service: string | undefined
  /** Nobody has used it for a while, and it has stopped. */
  readonly onIdle: () => void
}

export class StandingView implements View {
  readonly table = new NodeTable()
  readonly quiet: number
  settled = false
  readonly #host: Host
  readonly #browser: Browser
  readonly #onIdle: () => void
  #users = 0
  #isOver = false
  #cancelIdle: Cancel = () => {}

  constructor({ dnssd, host, service, onIdle }: StandingViewOptions) {
    this.#host = host
    this.#onIdle = onIdle
    this.quiet = service === undefined ? QUIET_ALL : QUIET
    // Its users keep the process alive, and a question that stands for their sake later does not.
    const subtype = service === undefined ? {} : { subtype: service }
    this.#browser = dnssd.browse(SERVICE_TYPE, { ...subtype, ref: false })
    this.#browser.on('up', (instance) => this.#heard(instance))
    this.#browser.on('update', (instance) => this.#heard(instance))
    this.#browser.on('down', ({ name }, reason) => this.table.remove(name, REASONS[reason]))
  }

  get pending(): boolean {
    return this.#browser.pending
  }

  get idle(): boolean {
    return this.#users === 0
  }

  acquire(): this {
    this.#users += 1
    this.#cancelIdle()
    return this
  }

  /** Who is told of the end by the end of the view itself releases it only later. */
  release(): void {
    this.#users -= 1
    if (this.#users > 0 || this.#isOver) return
    const { clock } = this.#host
    this.#cancelIdle = clock.at(clock.now() + IDLE, () => this.stop())
  }

  stop(): void {
    this.#isOver = true
    this.#cancelIdle()
    this.#browser.stop()
    this.#onIdle()
  }

  #heard(instance: Instance): void {
    const node = heardNode(instance)
    if (node) this.table.put(node)
    else this.table.remove(instance.name, 'goodbye')
  }
}
