// Owns the entry `mdns-registry/backend`: what it takes to write a backend of a hundred lines.
// Does not own any backend. `registerBackend` gives it a name, and is in the main entry.

export type { HoldReason } from './host/holds.ts'
export type { Cancel, Clock } from './host/ports.ts'
export { systemClock } from './net/clock.ts'
export { keepAlive } from './net/keep-alive.ts'
export { formatAddress, type NodeAddress, parseAddress } from './registry/address.ts'
export { heardService } from './registry/heard-service.ts'
export { foldLabel } from './registry/label.ts'
export type { Announcement, AnnounceOptions, Medium, View } from './registry/medium.ts'
export { mediumBackend, type OpenMedium } from './registry/medium-backend.ts'
export { type Listener, NodeTable, type Reason } from './registry/node-table.ts'
