// Owns the question whether an address is on a link: within a subnet of one of the link's own addresses.
// Does not own what is refused for it (admission.ts), nor what a change of networks leads to (engine.ts).
import { addressBytes } from '../wire/address.ts'
import type { LinkAddress } from './types.ts'

/** Answers that are kept, as the same hosts speak again and again. */
const REMEMBERED = 256

interface Network {
  readonly bytes: Uint8Array
  readonly prefixLength: number
}

export class Subnets {
  readonly #networks: readonly Network[]
  readonly #known = new Map<string, boolean>()

  constructor(addresses: readonly LinkAddress[]) {
    this.#networks = addresses.map(networkOf)
  }

  /** RFC 6762 §11. IPv6 link-local addresses are on every link. */
  contains(address: string): boolean {
    let known = this.#known.get(address)
    if (known === undefined) {
      known = this.#contains(address)
      if (this.#known.size >= REMEMBERED) this.#known.clear()
      this.#known.set(address, known)
    }
    return known
  }

  #contains(address: string): boolean {
    const bytes = addressBytes(address, address.includes(':') ? 6 : 4)
    return isLinkLocal6(bytes) || this.#networks.some((network) => isWithin(bytes, network))
  }
}

/** Whether a link that was in networks before is in none of them now; link-local IPv6 is the same everywhere. */
export function isAnotherNetwork(before: readonly LinkAddress[], after: readonly LinkAddress[]): boolean {
  const [old, now] = [before, after].map((addresses) => addresses.map(networkOf).filter(tellsApart))
  if (old === undefined || now === undefined || old.length === 0) return false
  return !now.some(({ bytes }) => old.some((network) => isWithin(bytes, network)))
}

function networkOf({ address, family, prefixLength }: LinkAddress): Network {
  return { bytes: addressBytes(address, family), prefixLength }
}

function tellsApart({ bytes }: Network): boolean {
  return !isLinkLocal6(bytes)
}

function isLinkLocal6(bytes: Uint8Array): boolean {
  return bytes.length === 16 && bytes[0] === 0xfe && ((bytes[1] ?? 0) & 0xc0) === 0x80
}

function isWithin(bytes: Uint8Array, network: Network): boolean {
  const { bytes: base, prefixLength } = network
  if (bytes.length !== base.length) return false
  const whole = prefixLength >> 3
  for (let i = 0; i < whole; i++) if (bytes[i] !== base[i]) return false
  const rest = prefixLength & 7
  return rest === 0 || ((bytes[whole] ?? 0) ^ (base[whole] ?? 0)) >> (8 - rest) === 0
}
