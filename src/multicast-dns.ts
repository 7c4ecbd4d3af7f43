// Owns the entry `mdns-registry/multicast-dns`: to share the socket of a multicast-dns instance.
// Does not own any code.

export type { Transport } from './host/ports.ts'
export { type MulticastDnsOptions, multicastDns } from './net/multicast-dns.ts'
export type { MulticastDnsInstance } from './net/packet-carrier.ts'
