// Owns the entry `mdns-registry/sim`: a simulated LAN with a virtual clock, to test programs that use this package.
// Does not own any code.

export { Host, type HostOptions } from './host/host.ts'
export type { HostEvent } from './host/host-event.ts'
export type { Cancel, Clock, Transport } from './host/ports.ts'
export type { DropReason, Endpoint, Family, Link, LinkAddress, Random } from './mdns/types.ts'
export { MicroHost, type MicroHostOptions } from './micro/micro-host.ts'
export { VirtualClock } from './sim/clock.ts'
export { Interface } from './sim/interface.ts'
export type { Conditions, Delivery, Transmission } from './sim/network.ts'
export { Network } from './sim/network.ts'
export { type Arrival, Peer, type PeerSend } from './sim/peer.ts'
export { seededRandom } from './sim/random.ts'
export { printTranscript } from './sim/transcript.ts'
export type { ConnectOptions } from './sim/transport.ts'
export { SimTransport } from './sim/transport.ts'
export {
  type SimHostOptions,
  type SimMicroHostOptions,
  type SimPeerOptions,
  World,
  type WorldOptions,
} from './sim/world.ts'
