// Owns what programs import from `mdns-registry`: the registry, and how to add a backend to it.
// Does not own plain DNS-SD, which is `mdns-registry/dnssd`.
export { type AdvertiseOptions, advertise } from './advertise.ts'
export { type CreateOptions, createRegistry } from './create-registry.ts'
export { createSelector, type SelectorOptions } from './create-selector.ts'
export { RegistryError, type RegistryErrorCode } from './errors.ts'
export { type Closable, type HandleSignalsOptions, handleSignals } from './handle-signals.ts'
export { type KeepOptions, keepRegistered } from './keep-registered.ts'
export type {
  AdvertisedServer,
  AdvertisedState,
  ServerService,
  ServerSource,
} from './lifecycle/advertised-server.ts'
export type { RetryOptions } from './lifecycle/backoff.ts'
export type { Check } from './lifecycle/check.ts'
export type { KeptEvents, KeptRegistration, KeptState, ServiceSource } from './lifecycle/kept-registration.ts'
export type { Server, ServerLike } from './lifecycle/server-address.ts'
export type { InterfaceSelection, NetworkInterface } from './net/links.ts'
export { registerBackend } from './registry/backends.ts'
export { extractAddress } from './registry/extract-address.ts'
export { MemoryStore } from './registry/memory.ts'
export type {
  Action,
  BackendFactory,
  Endpoint,
  GetOptions,
  Metadata,
  Node,
  NodeInput,
  RegisterOptions,
  Registry,
  RegistryEvents,
  RegistryOptions,
  Result,
  Service,
  ServiceInput,
  Value,
  Watcher,
  WatcherEvents,
  WatchOptions,
} from './registry/types.ts'
export { byEndpoint, byLabel, byVersion, type Filter } from './selector/filters.ts'
export type { Selection } from './selector/selection.ts'
export type { SelectOptions, Selector } from './selector/selector.ts'
export type { Candidate, Strategy, StrategyName } from './selector/strategies.ts'
