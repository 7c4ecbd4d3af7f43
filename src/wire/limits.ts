// Owns the bounds that every message and name must keep, whoever sent it.
// Does not own the caps on what a host remembers or sends over time; those are in mdns/limits.ts.

/** RFC 1035 §2.3.4. */
export const MAX_LABEL_BYTES = 63
/** The root's zero byte included, RFC 6762 Appendix C. */
export const MAX_NAME_BYTES = 256
/** Compression pointers from the start of a name to its root; real messages need five at most. */
export const MAX_POINTER_HOPS = 20
/** Questions, or records, that are read from one message. */
export const MAX_ITEMS = 1_024
/** Types in one NSEC record; a real name has fewer than ten. */
export const MAX_NSEC_TYPES = 64
/** The largest message that is ever sent, RFC 6762 §17. */
export const MAX_MESSAGE_BYTES = 9_000
