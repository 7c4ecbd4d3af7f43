// Owns what a host tells everyone who listens to it: events of its engine, and trouble with its links.
// Does not own changes of records, which go to those who asked for them (subscriptions.ts).
import type { Event } from '../mdns/types.ts'

/** A link that was well could not be opened or sent from; told again only after it has recovered. */
export interface LinkTrouble {
  readonly kind: 'trouble'
  readonly link: string
  readonly error: Error
}

export type HostEvent = Exclude<Event, { kind: 'changed' }> | LinkTrouble
export type HostListener = (event: HostEvent) => void
