// Owns what the contract asks of the author of a backend: one link, and how long things take on it.
// Does not own how real or virtual time is kept to (real-time.ts, virtual-time.ts).
import type { Registry, RegistryOptions } from '../registry/types.ts'

/**
 * What a medium may be unable to carry. The list is closed: each is a difference that is documented, and for each the
 * contract asserts what happens in its place.
 *
 * - `free-names`: names of services and ids of nodes with spaces or letters beyond ASCII. `register` refuses them with
 *   ERR_INVALID_NAME; to look for one may be refused in the same way, or finds nothing. Names with dots, hyphens and
 *   underscores have to work even so.
 * - `host-names`: host names as addresses of nodes. `register` refuses them with ERR_INVALID_ADDRESS; IP addresses and
 *   wildcards have to work even so, and `localhost` as a loopback address.
 * - `case-blind-ids`: ids that differ only in the case of ASCII letters are those of two nodes.
 * - `conflicts`: that an id is taken may go unnoticed. A `register` then resolves, or rejects with ERR_NAME_CONFLICT as
 *   it should, and with nothing else; and the program that had the id keeps its other nodes.
 */
export type Lack = 'free-names' | 'host-names' | 'case-blind-ids' | 'conflicts'

/** Where the registries of several programs see each other. Each case is given one of its own. */
export interface ContractLink {
  /**
   * One more program. The options are those of `createRegistry`; the contract gives `random`, for the ids that are made
   * up, and `timeout`.
   */
  registry(options?: RegistryOptions): Registry
  /** Milliseconds since some moment. */
  now(): number
  /** Lets so many milliseconds pass. */
  run(ms: number): Promise<void>
  /** Lets time pass until the promise is settled, and is as it is; rejects if that takes unreasonably long. */
  until<T>(promise: Promise<T>): Promise<T>
  /** Milliseconds after which every program knows what another one did, and believes in nothing that has ended. */
  readonly lag: number
  /** Milliseconds by which a wait may be longer than it should; 0 on virtual time, where everything has to be exact. */
  readonly slack: number
  /** What the medium cannot carry. Default: it carries everything. */
  readonly lacks?: readonly Lack[]
  /** Called after all registries were closed, for what the link itself has open. */
  close?(): Promise<void>
}

export type MakeLink = () => ContractLink | Promise<ContractLink>
