// Owns the questions behind one instance: its SRV and TXT, then the addresses of wherever the SRV points.
// Does not own how the answers add up (resolve.ts) nor what becomes of the result (browser.ts, instance-lookup.ts).
import type { Host } from '../host/host.ts'
import type { Cancel } from '../host/ports.ts'
import type { Follower } from '../host/subscriptions.ts'
import type { Change, Random } from '../mdns/types.ts'
import { sameName } from '../wire/name.ts'
import type { Name, RrType } from '../wire/types.ts'
import { type Loss, lossIn } from './loss.ts'
import { type Missing, type Resolution, resolution } from './resolve.ts'
import { type InstanceParts, isLocalName } from './service-type.ts'
import type { Targets, TargetWatcher } from './targets.ts'
import type { Service } from './types.ts'

/**
 * Milliseconds. An instance that lacks nothing but its TXT record is taken to have none then, RFC 6763 §6.1; one that
 * has moved to a host without known addresses is taken to be lost; one without an SRV record is doubted.
 */
const PATIENCE = { TXT: 1_000, address: 1_000, SRV: 10_000 } as const

/** What all discovery on one host shares. */
export interface Discovery {
  readonly host: Host
  readonly targets: Targets
  readonly random: Random
  /** Aborted, with a RegistryError, when nothing more will be heard. */
  readonly closing: AbortSignal
}

export interface ResolverListener {
  /** Something changed, so that `resolve` may have another result; the loss if what it takes to be there went. */
  changed(loss: Loss | undefined): void
  /** Nobody has answered for the SRV record in all this time. */
  silent(): void
}

export class Resolver implements Follower, TargetWatcher {
  readonly #discovery: Discovery
  readonly #fullName: Name
  readonly #parts: InstanceParts
  readonly #listener: ResolverListener
  #target: Name | undefined
  #patience: { readonly missing: Missing; readonly cancel: Cancel } | undefined
  #isOver = false

  /** Asks until closed. */
  constructor(discovery: Discovery, fullName: Name, parts: InstanceParts, listener: ResolverListener) {
    this.#discovery = discovery
    this.#fullName = fullName
    this.#parts = parts
    this.#listener = listener
    discovery.host.follow(fullName, 'SRV', this)
    discovery.host.follow(fullName, 'TXT', this)
  }

  /** For the host to call. Without its TXT record an instance is as much there as with it. */
  heard(changes: readonly Change[], type: RrType): void {
    this.#listener.changed(type === 'SRV' ? lossIn(changes) : undefined)
  }

  /** For the host of the instance to call. */
  moved(loss: Loss | undefined): void {
    this.#listener.changed(loss)
  }

  /** What the instance is now; asks for the addresses of its host from then on. `current` is the last result. */
  resolve(current?: Service): Resolution {
    const { host, random } = this.#discovery
    const known = { lookup: host.lookup.bind(host), links: host.heardLinks, random }
    const found = resolution(this.#fullName, this.#parts, known, current)
    this.#follow(found.target)
    this.#wait(found.missing)
    if (found.missing === 'TXT' && this.#isOver) return { ...found, missing: undefined }
    if (current && hasMoved(found, current) && !this.#isOver) return { ...found, missing: undefined, service: current }
    return found
  }

  close(): void {
    const { host } = this.#discovery
    host.unfollow(this.#fullName, 'SRV', this)
    host.unfollow(this.#fullName, 'TXT', this)
    this.#follow(undefined)
    this.#patience?.cancel()
  }

  #follow(name: Name | undefined): void {
    const last = this.#target
    if (last && name && sameName(last, name)) return
    const { targets } = this.#discovery
    this.#target = name && isLocalName(name) ? name : undefined
    if (this.#target) targets.watch(this.#target, this)
    if (last) targets.unwatch(last, this)
  }

  /** Starts anew whenever something else is missing. */
  #wait(missing: Missing): void {
    if (this.#patience?.missing === missing) return
    this.#patience?.cancel()
    this.#patience = undefined
    this.#isOver = false
    if (missing === undefined || missing === 'host') return
    const { clock } = this.#discovery.host
    const cancel = clock.at(clock.now() + PATIENCE[missing], () => {
      this.#isOver = true
      if (missing === 'SRV') this.#listener.silent()
      else this.#listener.changed(undefined)
    })
    this.#patience = { missing, cancel }
  }
}

/** The SRV record names another host than before, whose addresses will follow in a moment if it is there. */
function hasMoved({ missing, target }: Resolution, { host }: Service): boolean {
  return missing === 'address' && target !== undefined && host !== undefined && !sameName(target, host as Name)
}
