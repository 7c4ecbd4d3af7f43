// Owns the step from a browser of DNS-SD instances to a table of nodes.
// Does not own the browser (dnssd/browser.ts), nor for how long it is of use (standing-view.ts).
import type { Browser } from '../dnssd/browser.ts'
import type { Dnssd } from '../dnssd/dnssd.ts'
import type { Service as Instance } from '../dnssd/types.ts'
import type { RemovalReason } from '../mdns/types.ts'
import { heardNode } from './heard-node.ts'
import type { NodeTable, Reason } from './node-table.ts'
import { SERVICE_TYPE } from './offer.ts'
import type { Listening } from './wire.ts'

const REASONS: Readonly<Record<RemovalReason, Reason>> = {
  goodbye: 'goodbye',
  superseded: 'goodbye',
  expired: 'expired',
  'link-gone': 'expired',
  evicted: 'expired',
  unconfirmed: 'verify-failed',
}

export class BrowsedNodes implements Listening {
  readonly #browser: Browser
  readonly #table: NodeTable

  /** Whoever reads the table keeps the process alive; a question that stands for its sake later does not. */
  constructor(dnssd: Dnssd, service: string | undefined, table: NodeTable) {
    this.#table = table
    const subtype = service === undefined ? {} : { subtype: service }
    this.#browser = dnssd.browse(SERVICE_TYPE, { ...subtype, ref: false })
    this.#browser.on('up', (instance) => this.#heard(instance))
    this.#browser.on('update', (instance) => this.#heard(instance))
    this.#browser.on('down', ({ name }, reason) => table.remove(name, REASONS[reason]))
  }

  get pending(): boolean {
    return this.#browser.pending
  }

  get askedAt(): number | undefined {
    return this.#browser.askedAt
  }

  stop(): void {
    this.#browser.stop()
  }

  #heard(instance: Instance): void {
    const node = heardNode(instance)
    if (node) this.#table.put(node)
    else this.#table.remove(instance.name, 'goodbye')
  }
}
