// Owns which claims want a name: several may, those of two services on one host, say.
// Does not own the claims (publisher.ts).
import type { Claim } from './claim.ts'
import type { Matters } from './matters.ts'

export class Contenders {
  readonly #claims = new Map<string, Set<Claim>>()
  readonly #matters: Matters

  constructor(matters: Matters) {
    this.#matters = matters
  }

  /** Those that want a name, which is given as `foldName` has it. */
  of(foldedName: string): Iterable<Claim> {
    return this.#claims.get(foldedName) ?? []
  }

  add(claim: Claim): void {
    for (const name of claim.names) {
      this.#matters.add(name)
      const claims = this.#claims.get(name)
      if (claims) claims.add(claim)
      else this.#claims.set(name, new Set([claim]))
    }
  }

  delete(claim: Claim): void {
    for (const name of claim.names) {
      this.#matters.delete(name)
      const claims = this.#claims.get(name)
      if (claims?.delete(claim) && claims.size === 0) this.#claims.delete(name)
    }
  }
}
