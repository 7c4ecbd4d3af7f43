// Owns what the PTR records of one name point to, merged over all links.
// Does not own what the targets are: instances (browser.ts) or service types (type-browser.ts).
import type { Host } from '../host/host.ts'
import type { Cancel } from '../host/ports.ts'
import { allOf, type Few, withOne, withoutOne } from '../mdns/few.ts'
import type { Change, Heard, Instant } from '../mdns/types.ts'
import { foldName } from '../wire/name.ts'
import type { Name } from '../wire/types.ts'
import { type Loss, lossOf } from './loss.ts'

/** Told when a target appears on the first link and, with the loss, when it is gone from the last one. */
export type OnPointer = (target: Name, loss: Loss | undefined) => void

interface Pointer {
  /** The links that hold a record. */
  links: Few<string>
  /** Its owner has said that it is gone, on some link. */
  goodbye: Loss | undefined
}

export class Pointers {
  readonly #host: Host
  readonly #name: Name
  /** Bounded by the cache: there is one entry per target of which some link holds a record. */
  readonly #pointers = new Map<string, Pointer>()
  readonly #onPointer: OnPointer
  readonly #cancels: readonly Cancel[]

  /** Asks until closed. What is known already is told too, but never before this returns. */
  constructor(host: Host, name: Name, onPointer: OnPointer) {
    this.#host = host
    this.#name = name
    this.#onPointer = onPointer
    this.#cancels = [
      host.ask(name, 'PTR', (changes) => this.#changed(changes)),
      host.clock.at(host.clock.now(), () => host.settle(() => this.#snapshot(host.lookup(name, 'PTR')))),
    ]
  }

  /** When they were last asked for on every link, if of late. */
  get askedAt(): Instant | undefined {
    return this.#host.askedAt(this.#name, 'PTR')
  }

  close(): void {
    for (const cancel of this.#cancels) cancel()
  }

  #snapshot(heard: readonly Heard[]): void {
    for (const { rr, link } of heard) if (rr.type === 'PTR') this.#added(rr.target, link)
  }

  #changed(changes: readonly Change[]): void {
    for (const change of changes) {
      if (change.rr.type !== 'PTR') continue
      if (change.action === 'added') this.#added(change.rr.target, change.link)
      else this.#removed(change.rr.target, change.link, lossOf(change))
    }
  }

  #added(target: Name, link: string): void {
    const key = foldName(target)
    const pointer = this.#pointers.get(key)
    if (pointer) {
      if (!allOf(pointer.links).includes(link)) pointer.links = withOne(pointer.links, link)
      pointer.goodbye = undefined
      return
    }
    this.#pointers.set(key, { links: link, goodbye: undefined })
    this.#onPointer(target, undefined)
  }

  /** A goodbye that was heard on one link alone may have been lost on the others: they are asked. */
  #removed(target: Name, link: string, loss: Loss): void {
    const key = foldName(target)
    const pointer = this.#pointers.get(key)
    if (!pointer || !allOf(pointer.links).includes(link)) return
    pointer.links = withoutOne(pointer.links, link)
    if (loss.reason === 'goodbye') pointer.goodbye = loss
    if (pointer.links !== undefined) {
      if (pointer.goodbye) this.#host.reconfirm(this.#name, 'PTR', target)
      return
    }
    this.#pointers.delete(key)
    this.#onPointer(target, pointer.goodbye ?? loss)
  }
}
