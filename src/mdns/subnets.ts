// Owns the question whether an address is on a link: within a subnet of one of the link's own addresses.
// Does not own what is refused for it (admission.ts).
import { addressBytes } from '../wire/address.ts'
import type { LinkAddress } from './types.ts'

/** Answers that are kept, as the same hosts speak again and again. */
const REMEMBERED = 256

export class Subnets {
  readonly #networks: readonly { readonly bytes: Uint8Array; readonly prefixLength: number }[]
  readonly #known = new Map<string, boolean>()

  constructor(addresses: readonly LinkAddress[]) {
    this.#networks = addresses.map(({ address, family, prefixLength }) => {
      return { bytes: addressBytes(address, family), prefixLength }
    })
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
    if (bytes.length === 16 && bytes[0] === 0xfe && ((bytes[1] ?? 0) & 0xc0) === 0x80) return true
    return this.#networks.some((network) => samePrefix(network.bytes, bytes, network.prefixLength))
  }
}

function samePrefix(a: Uint8Array, b: Uint8Array, bits: number): boolean {
  if (a.length !== b.length) return false
  const whole = bits >> 3
  for (let i = 0; i < whole; i++) if (a[i] !== b[i]) return false
  const rest = bits & 7
  return rest === 0 || ((a[whole] ?? 0) ^ (b[whole] ?? 0)) >> (8 - rest) === 0
}
