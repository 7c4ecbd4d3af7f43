// Owns every cap on what a peer can make us hold, do or send; each has a test that fills it.
// Does not own the rhythms of the protocol (cadence.ts) nor the bounds of decoding (wire/limits.ts).

export interface Limits {
  /** Bytes; a longer datagram is dropped unparsed, RFC 6762 §17. */
  readonly datagramIn: number
  /** Bytes of one outgoing datagram on IPv4 and IPv6: what an MTU of 1,280 leaves, so that tunnels carry it whole. */
  readonly datagramOut4: number
  readonly datagramOut6: number
  /** Bytes of a datagram that carries a single record which fits no smaller one. */
  readonly datagramSingle: number
  /** Records in the cache of one link. */
  readonly cached: number
  /** Of these, records that nobody here asked for; the oldest make room. */
  readonly cachedUnasked: number
  /** Datagrams per second that are read though none of their names is of any concern yet, and how many at once. */
  readonly readUnasked: number
  readonly readUnaskedBurst: number
  /** Names of one link that fell silent and are waited for. */
  readonly silent: number
  /** Members of one PTR set, and of one set of any other type. */
  readonly pointers: number
  readonly members: number
  /** Questions per second that one link may send, and how many at once. */
  readonly questionsPerSecond: number
  readonly questionBurst: number
  /** Known answers that one question lists, RFC 6762 §7.1; what is left out is merely answered again. */
  readonly knownAnswers: number
  /** Hosts whose truncated queries are held, and datagrams of one of them, RFC 6762 §7.2. */
  readonly truncatedSources: number
  readonly truncatedParts: number
  /** Unicast replies per second to one host and in total, and the hosts that are remembered for it. */
  readonly repliesPerSource: number
  readonly repliesPerSecond: number
  readonly replySources: number
  /** Datagrams of our own that are remembered to recognise their echo. */
  readonly echoes: number
  /** How often a lost tie-break may put off one claim before it goes on regardless. */
  readonly deferrals: number
  /** Events that one slow reader may leave waiting before they are coalesced. */
  readonly queue: number
  /** Publications of one host, and its standing questions. */
  readonly publications: number
  readonly interests: number
}

export const LIMITS: Limits = {
  datagramIn: 9_000,
  datagramOut4: 1_252,
  datagramOut6: 1_232,
  datagramSingle: 8_940,
  cached: 32_768,
  cachedUnasked: 1_024,
  readUnasked: 10,
  readUnaskedBurst: 200,
  silent: 256,
  pointers: 8_192,
  members: 64,
  questionsPerSecond: 150,
  questionBurst: 300,
  knownAnswers: 3_072,
  truncatedSources: 64,
  truncatedParts: 96,
  repliesPerSource: 10,
  repliesPerSecond: 100,
  replySources: 256,
  echoes: 256,
  deferrals: 10,
  queue: 1_024,
  publications: 1_024,
  interests: 65_536,
}
