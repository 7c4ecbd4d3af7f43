// Owns every cap on what a peer that speaks go-micro can make us hold, do or send; each has a test that fills it.
// Does not own the caps of Multicast DNS (mdns/limits.ts), nor those of decoding (wire/limits.ts).

export interface MicroLimits {
  /** Bytes; a longer datagram is dropped unparsed. */
  readonly datagramIn: number
  /** Bytes of JSON that the TXT record of one node may unfold to. */
  readonly unfolded: number
  /** Nodes that are known at a time; the next one is not taken in. */
  readonly nodes: number
  /** Services that were listed and are asked for on behalf of those who want to know of all. */
  readonly listed: number
  /** Addresses of one node that one link has heard. */
  readonly addresses: number
  /** Queries per second of one host and of all that are answered, and the hosts that are remembered for it. */
  readonly repliesPerSource: number
  readonly repliesPerSecond: number
  readonly replySources: number
  /** Questions per second that may be asked, and how many at once. */
  readonly questionsPerSecond: number
  readonly questionBurst: number
  /** Nodes of our own. */
  readonly publications: number
}

export const MICRO_LIMITS: MicroLimits = {
  datagramIn: 9_000,
  unfolded: 64 * 1024,
  nodes: 8_192,
  listed: 1_024,
  addresses: 8,
  repliesPerSource: 20,
  repliesPerSecond: 200,
  replySources: 256,
  questionsPerSecond: 50,
  questionBurst: 100,
  publications: 1_024,
}
