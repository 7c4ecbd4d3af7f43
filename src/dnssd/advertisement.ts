// Owns the life of one advertised instance: announced, updated in place, renamed after a conflict, withdrawn.
// Does not own its records (records.ts), nor probing and announcing (mdns).
import { EventEmitter } from 'eventemitter3'
import { RegistryError } from '../errors.ts'
import type { Site } from '../mdns/types.ts'
import type { Name, Rr } from '../wire/types.ts'
import { checkedPort, type Offering } from './offering.ts'
import type { Publications, Publisher } from './publications.ts'
import { recordsOf } from './records.ts'
import { instanceAfter } from './rename.ts'
import { checkedInstance, instanceName } from './service-type.ts'
import { encodeTxt, sameTxt } from './txt.ts'
import type { AdvertisementChanges } from './types.ts'

export interface AdvertisementEvents {
  renamed: [change: { readonly from: string; readonly to: string }]
  /** For a minute every name that was tried was taken; the search goes on. */
  struggling: [name: string]
  /** With `rename: false`: the name was lost, and the instance is withdrawn. */
  conflict: [error: RegistryError]
}

interface AttemptName {
  /** As the engine counts them: it may skip some. */
  readonly attempt: number
  readonly name: string
}

interface Waiter {
  resolve(): void
  reject(error: unknown): void
}

export class Advertisement extends EventEmitter<AdvertisementEvents> {
  /** `_http._tcp`. */
  readonly type: string
  /** Resolves once the instance is announced on every link; rejects if it ends before. Need not be handled. */
  readonly ready: Promise<void>
  readonly #publications: Publications
  readonly #publisher: Publisher
  readonly #id: string
  #offering: Offering
  /** The name that we were told of, and the next one from when its records are first asked for until we are told. */
  #taken: AttemptName
  #next: AttemptName | undefined
  #waiters: Waiter[] = []
  #announced: Promise<void>
  #ended = false

  /** Made by `Dnssd.advertise`. */
  constructor(publications: Publications, offering: Offering) {
    super()
    this.type = offering.type
    this.#publications = publications
    this.#offering = offering
    this.#publisher = {
      fullName: instanceName(offering.name, offering.type),
      published: () => this.#published(),
      renamed: (attempt) => this.#renamed(attempt),
      struggling: () => this.emit('struggling', this.name),
      failed: (error) => this.#end(error),
    }
    this.#taken = this.#take(0, this.#freeName(offering.name))
    this.#id = publications.add(this.#publisher)
    this.ready = this.#publish()
    this.#announced = this.ready
  }

  /** The instance name at present. */
  get name(): string {
    return this.#taken.name
  }

  get fullName(): Name {
    return this.#publisher.fullName
  }

  get port(): number {
    return this.#offering.port
  }

  /**
   * Announces other data in place of the old; resolves once that is done. What is not named stays. Only another name
   * means a goodbye to the old one, and is claimed as the first one was. Throws ERR_CLOSED once withdrawn, and on
   * invalid data as `advertise` does.
   */
  update(changes: AdvertisementChanges): Promise<void> {
    if (this.#ended) throw withdrawn(this.name)
    const { port, txtData } = this.#offering
    const nextName = changes.name === undefined ? this.name : checkedInstance(changes.name)
    const nextPort = changes.port === undefined ? port : checkedPort(changes.port)
    const nextTxt = changes.txt === undefined ? txtData : encodeTxt(changes.txt)
    if (nextName === this.name && nextPort === port && sameTxt(nextTxt, txtData)) return this.#announced
    if (nextName !== this.name) this.#take(this.#taken.attempt, this.#freeName(nextName))
    this.#offering = { ...this.#offering, port: nextPort, txtData: nextTxt }
    this.#announced = this.#publish()
    return this.#announced
  }

  /** Says goodbye. May be called twice. */
  withdraw(): Promise<void> {
    this.#end(withdrawn(this.name))
    return Promise.resolve()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.withdraw()
  }

  #publish(): Promise<void> {
    const offering = this.#offering
    const announced = new Promise<void>((resolve, reject) => {
      this.#waiters.push({ resolve, reject })
    })
    const letGo = this.#publications.hold()
    announced.then(letGo, letGo)
    this.#publications.publish({
      id: this.#id,
      needsHost: offering.host === undefined,
      probe: offering.probe,
      records: (site) => this.#records(offering, site),
    })
    return announced
  }

  /** Without leave to rename, no attempt but the first has records. */
  #records(offering: Offering, site: Site): readonly Rr[] {
    if (site.attempt > 0 && !offering.rename) return []
    return recordsOf(offering, this.#nameAt(site.attempt), site)
  }

  #take(attempt: number, name: string): AttemptName {
    this.#publisher.fullName = instanceName(name, this.type)
    this.#taken = { attempt, name }
    this.#next = undefined
    return this.#taken
  }

  /** Decided once for each attempt, so that its records never change. */
  #nameAt(attempt: number): string {
    const known = [this.#taken, this.#next].find((each) => each?.attempt === attempt)
    if (known) return known.name
    const { name, attempt: base } = this.#taken
    this.#next = { attempt, name: this.#freeName(instanceAfter(name, attempt - base)) }
    return this.#next.name
  }

  /** The first name from the wanted one on that no sibling has. */
  #freeName(wanted: string): string {
    let name = wanted
    while (this.#publications.uses(instanceName(name, this.type), this.#publisher)) {
      if (!this.#offering.rename) throw conflict(name, 'this program advertises it already')
      name = instanceAfter(name, 1)
    }
    return name
  }

  #published(): void {
    for (const waiter of this.#waiters.splice(0)) waiter.resolve()
  }

  #renamed(attempt: number): void {
    const from = this.name
    if (!this.#offering.rename) {
      const error = conflict(from, 'another host on the link has it')
      this.#end(error)
      this.emit('conflict', error)
      return
    }
    this.#take(attempt, this.#nameAt(attempt))
    if (this.name !== from) this.emit('renamed', { from, to: this.name })
  }

  #end(error: unknown): void {
    if (this.#ended) return
    this.#ended = true
    this.#publications.withdraw(this.#id)
    for (const waiter of this.#waiters.splice(0)) waiter.reject(error)
  }
}

function withdrawn(name: string): RegistryError {
  return new RegistryError('ERR_CLOSED', `"${name}" is no longer advertised; advertise it again`)
}

function conflict(name: string, why: string): RegistryError {
  return new RegistryError('ERR_NAME_CONFLICT', `The name "${name}" is taken: ${why}; choose another or allow renaming`)
}
