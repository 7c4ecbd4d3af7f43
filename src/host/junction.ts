// Owns one transport that several hosts of a process share: each has a branch, which is a transport to it.
// Does not own the transport, which opens with the first branch and closes with the last.
import type { Link, Send } from '../mdns/types.ts'
import type { Transport, TransportListener } from './ports.ts'

export class Junction {
  readonly #transport: Transport
  readonly #listeners = new Set<TransportListener>()
  readonly #alive = new Set<Transport>()
  #branches = 0
  #opening: Promise<void> | undefined
  #links: readonly Link[] | undefined

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** To be made before the first one closes. */
  branch(): Transport {
    this.#branches += 1
    let listener: TransportListener | undefined
    let closing: Promise<void> | undefined
    const branch: Transport = {
      open: async (on) => {
        listener = on
        this.#listeners.add(on)
        if (this.#links) on.links(this.#links)
        this.#opening ??= this.#transport.open(this.#everybody())
        await this.#opening
      },
      send: (send: Send) => this.#transport.send(send),
      close: () => {
        if (listener) this.#listeners.delete(listener)
        closing ??= this.#leave(branch)
        return closing
      },
      ref: (alive) => this.#ref(branch, alive),
      receiveBuffers: () => this.#transport.receiveBuffers?.() ?? new Map(),
    }
    return branch
  }

  #leave(branch: Transport): Promise<void> {
    this.#ref(branch, false)
    this.#branches -= 1
    return this.#branches === 0 ? this.#transport.close() : Promise.resolve()
  }

  #ref(branch: Transport, alive: boolean): void {
    const before = this.#alive.size > 0
    if (alive) this.#alive.add(branch)
    else this.#alive.delete(branch)
    if (before !== this.#alive.size > 0) this.#transport.ref?.(!before)
  }

  #everybody(): TransportListener {
    return {
      // The one that comes with every packet.
      received: (datagram) => {
        for (const on of this.#listeners) on.received(datagram)
      },
      links: (links) => {
        this.#links = links
        this.#tell((on) => on.links(links))
      },
      woken: () => this.#tell((on) => on.woken()),
      rejoined: (link) => this.#tell((on) => on.rejoined(link)),
      failed: (link, error) => this.#tell((on) => on.failed(link, error)),
    }
  }

  #tell(tell: (on: TransportListener) => void): void {
    for (const on of [...this.#listeners]) tell(on)
  }
}
