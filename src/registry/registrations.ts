// Owns what this registry has registered: claims with their undo, updates in place, renewals and lapses.
// Does not own how a node is made known (medium.ts).
import { isDeepStrictEqual } from 'node:util'
import { RegistryError } from '../errors.ts'
import { abortable } from './abortable.ts'
import { foldLabel, parseLabel } from './label.ts'
import type { Medium } from './medium.ts'
import { COMFORTABLE_TXT_BYTES, describeNode, encodeNode, txtBytes } from './node-txt.ts'
import { Registration } from './registration.ts'
import { checkUnmistakable, parseService, parseTtl, randomId } from './service-input.ts'
import { Turns } from './turns.ts'
import type { NodeInput, RegisterOptions, Service, ServiceInput } from './types.ts'

/** A made-up id that is taken is replaced by another one; only an attacker takes so many in a row. */
const MAX_ID_ATTEMPTS = 5

export interface RegistrationsOptions {
  readonly medium: Medium
  readonly random: () => number
  readonly warn: (warning: RegistryError) => void
  /** Aborted with ERR_CLOSED when the registry closes. */
  readonly closed: AbortSignal
}

interface Claim {
  readonly service: Service
  readonly ttl: number | undefined
  readonly probe: boolean
  /** Whether the id was made up here, so that another one will do as well. */
  readonly madeUp: boolean
}

export class Registrations {
  readonly #options: RegistrationsOptions
  readonly #registrations = new Map<string, Registration>()
  readonly #turns = new Turns()
  /** Made-up ids by service and address, so that registering the same thing again is a renewal. */
  readonly #madeUp = new Map<string, string>()

  constructor(options: RegistrationsOptions) {
    this.#options = options
  }

  async register(input: ServiceInput, { ttl: rawTtl, probe = true, signal }: RegisterOptions): Promise<Service> {
    const ttl = parseTtl(rawTtl)
    const service = parseService(input, (name, node) => this.#makeUpId(name, node, !probe))
    signal?.throwIfAborted()
    const claims = service.nodes.map((node, index) => ({
      service: { ...service, nodes: [node] },
      ttl,
      probe,
      madeUp: input.nodes[index]?.id === undefined,
    }))
    for (const claim of claims) this.#check(claim)
    const keys = claims.map((claim) => keyOf(claim.service))
    const done = await this.#turns.take(keys, () => this.#registerAll(claims, signal))
    return { ...service, nodes: done.flatMap((registration) => registration.service.nodes) }
  }

  async deregister({ name: rawName, version, nodes = [] }: ServiceInput): Promise<void> {
    const name = parseLabel(rawName, 'The service name')
    const keys = nodes.map((node) => foldLabel(node.id ?? this.#madeUp.get(placeOf(name, node)) ?? ''))
    const scope = nodes.length > 0 ? keys : [...this.#turns.keys, ...this.#registrations.keys()]
    await this.#turns.take(scope, async () => {
      const concerned = scope.filter((key) => {
        const service = this.#registrations.get(key)?.service
        return service?.name === name && (nodes.length > 0 || version === undefined || service.version === version)
      })
      await Promise.all(concerned.map((key) => this.#end(key)))
    })
  }

  /** No timer is left; the medium says the goodbyes. */
  close(): void {
    for (const registration of this.#registrations.values()) registration.hold()
    this.#registrations.clear()
  }

  /** New nodes first, all or none of them; only then is anything changed that was there before. */
  async #registerAll(claims: readonly Claim[], signal?: AbortSignal): Promise<readonly Registration[]> {
    this.#options.closed.throwIfAborted()
    const known = new Set(claims.filter((claim) => this.#registrations.has(keyOf(claim.service))))
    const claimed = await this.#claimAll(
      claims.filter((claim) => !known.has(claim)),
      signal,
    )
    await Promise.all([...known].map((claim) => this.#change(claim)))
    return claims.map((claim) => claimed.get(claim) ?? this.#known(claim))
  }

  async #claimAll(claims: readonly Claim[], signal?: AbortSignal): Promise<ReadonlyMap<Claim, Registration>> {
    const undo = new AbortController()
    const signals = [this.#options.closed, undo.signal, ...(signal ? [signal] : [])]
    const pending = claims.map((claim) => this.#claim(claim, AbortSignal.any(signals)))
    try {
      const claimed = await Promise.all(pending)
      return new Map(claimed.map((registration, index) => [claims[index] as Claim, registration]))
    } catch (error) {
      undo.abort()
      const outcomes = await Promise.allSettled(pending)
      const made = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
      await Promise.all(made.map((registration) => this.#end(keyOf(registration.service))))
      throw error
    }
  }

  async #claim(claim: Claim, signal: AbortSignal, attempt = 1): Promise<Registration> {
    const { medium, random } = this.#options
    const { service, ttl, probe } = claim
    const key = keyOf(service)
    try {
      const registration = new Registration(medium, service, { ttl, probe, onLost: () => this.#lose(key) })
      this.#registrations.set(key, registration)
      await abortable(registration.ready, signal)
      registration.renew(ttl, () => this.#lapse(registration))
      return registration
    } catch (error) {
      await this.#end(key)
      if (!claim.madeUp || !isConflict(error) || attempt === MAX_ID_ATTEMPTS) throw error
      const [node] = service.nodes
      const nodes = node ? [{ ...node, id: randomId(service.name, random, !probe) }] : []
      if (nodes[0]) this.#madeUp.set(placeOf(service.name, nodes[0]), nodes[0].id)
      return this.#claim({ ...claim, service: { ...service, nodes } }, signal, attempt + 1)
    }
  }

  /** An update in place, or nothing but a renewal. */
  async #change(claim: Claim): Promise<void> {
    const registration = this.#known(claim)
    registration.hold()
    if (!isDeepStrictEqual(registration.service, claim.service)) await registration.change(claim.service)
    registration.renew(claim.ttl, () => this.#lapse(registration))
  }

  #known(claim: Claim): Registration {
    const registration = this.#registrations.get(keyOf(claim.service))
    if (registration) return registration
    throw conflict(claim.service)
  }

  async #end(key: string): Promise<void> {
    const registration = this.#registrations.get(key)
    this.#registrations.delete(key)
    await registration?.withdraw()
  }

  #lapse(registration: Registration): void {
    const key = keyOf(registration.service)
    void this.#turns.take([key], async () => {
      if (registration.lapsed && this.#registrations.get(key) === registration) await this.#end(key)
    })
  }

  /** Another host has the id now, and the announcement has ended. */
  #lose(key: string): void {
    const registration = this.#registrations.get(key)
    if (registration === undefined) return
    registration.hold()
    this.#registrations.delete(key)
    this.#options.warn(conflict(registration.service))
  }

  /** The same limit of size over every medium, so that what works over one works over all. */
  #check({ service, probe }: Claim): void {
    const known = this.#registrations.get(keyOf(service))?.service
    if (!probe && known === undefined) checkUnmistakable(service.nodes[0]?.id ?? '')
    this.#options.medium.check?.(service)
    const size = txtBytes(encodeNode(describeNode(service)))
    if (size <= COMFORTABLE_TXT_BYTES || isDeepStrictEqual(known, service)) return
    this.#options.warn(
      new RegistryError(
        'ERR_TXT_TOO_LARGE',
        `The TXT record of '${service.nodes[0]?.id}' has ${size} bytes; above ${COMFORTABLE_TXT_BYTES} it travels in ` +
          'fragments, which some networks lose; shorten its metadata or endpoints',
      ),
    )
  }

  #makeUpId(name: string, node: NodeInput, unmistakable: boolean): string {
    const place = placeOf(name, node)
    const id = this.#madeUp.get(place) ?? randomId(name, this.#options.random, unmistakable)
    this.#madeUp.set(place, id)
    return id
  }
}

function keyOf(service: Service): string {
  return foldLabel(service.nodes[0]?.id ?? '')
}

function placeOf(name: string, { address }: NodeInput): string {
  return JSON.stringify([name, address])
}

function isConflict(error: unknown): boolean {
  return error instanceof RegistryError && error.code === 'ERR_NAME_CONFLICT'
}

function conflict(service: Service): RegistryError {
  return new RegistryError(
    'ERR_NAME_CONFLICT',
    `The node id '${service.nodes[0]?.id}' was taken over by another host; register the node again under another id`,
  )
}
