// Owns a transport for tests of the shell: it opens when a test says so and keeps what is sent.
// Does not own sockets, nor a network.
import type { Transport, TransportListener } from '../../src/host/ports.ts'
import type { Link, Send } from '../../src/mdns/types.ts'

export const LINK: Link = {
  id: 'lan/4',
  interface: 'lan',
  family: 4,
  addresses: [{ address: '198.18.0.1', family: 4, prefixLength: 16 }],
  unicast: true,
}

export class ScriptedTransport implements Transport {
  readonly sent: Send[] = []
  closes = 0
  /** What it was told about keeping the process alive. */
  readonly told: boolean[] = []
  on: TransportListener | undefined
  onSend: (send: Send) => void = () => {}
  onClose: () => Promise<void> = async () => {}
  #resolve: () => void = () => {}
  #reject: (error: Error) => void = () => {}

  open(on: TransportListener): Promise<void> {
    this.on = on
    return new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  /** Names the links, then has `open` resolve. */
  opens(links: readonly Link[] = [LINK]): void {
    this.on?.links(links)
    this.#resolve()
  }

  refuses(error: Error): void {
    this.#reject(error)
  }

  send(send: Send): void {
    this.sent.push(send)
    this.onSend(send)
  }

  ref(alive: boolean): void {
    this.told.push(alive)
  }

  close(): Promise<void> {
    this.closes += 1
    return this.onClose()
  }
}
