import type { TransportListener } from '../../src/host/ports.ts'
import type { Link, Received } from '../../src/mdns/types.ts'

/** A listener that keeps what it is told. */
export class Recorder implements TransportListener {
  readonly datagrams: Received[] = []
  readonly failures: { link: string; error: Error }[] = []
  /** Every list of links, oldest first. */
  readonly lists: (readonly Link[])[] = []
  /** `woken`, and `rejoined` with the link, in the order in which they were told. */
  readonly upheavals: string[] = []
  #changed: () => void = () => {}

  received(datagram: Received): void {
    this.datagrams.push(datagram)
    this.#changed()
  }

  links(links: readonly Link[]): void {
    this.lists.push(links)
    this.#changed()
  }

  woken(): void {
    this.upheavals.push('woken')
    this.#changed()
  }

  rejoined(link: string): void {
    this.upheavals.push(`rejoined ${link}`)
    this.#changed()
  }

  failed(link: string, error: Error): void {
    this.failures.push({ link, error })
    this.#changed()
  }

  get ids(): string[] {
    return (this.lists.at(-1) ?? []).map(({ id }) => id).sort()
  }

  texts(link?: string): string[] {
    return this.datagrams.filter((datagram) => !link || datagram.link === link).map(({ bytes }) => textOf(bytes))
  }

  /** Resolves as soon as what was recorded is as it should be; rejects after five seconds. */
  async until(isSo: () => boolean): Promise<void> {
    const deadline = performance.now() + 5000
    while (!isSo()) {
      if (performance.now() > deadline)
        throw new Error(`not so within five seconds: ${isSo}; ${JSON.stringify(this.texts())}`)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 100)
        this.#changed = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }
}

export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString()
}
