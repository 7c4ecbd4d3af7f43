// Owns the rules that no test proves, each with the reason: it governs something that does not exist here.
// Does not own rules that are merely untested; those are open.

/** By number. Of the rules with a MUST only those may be here whose feature is not offered. */
export const NOT_APPLICABLE: ReadonlyMap<string, string> = new Map([
  ['R132', 'No HINFO record is published, as it would tell everybody on the link which system runs here.'],
  ['R275', 'No pointers from addresses to the host name are published; nothing in DNS-SD asks for them.'],
  ['R284', 'Whether IANA has registered a service name is for its author to see to and cannot be told on the wire.'],
  ['R318', 'No flagship placeholder is offered: advertising port 0 is refused with ERR_INVALID_PORT.'],
  ['R319', 'One browser follows one type, so there is no list in which a fleet of types could appear twice.'],
  ['R321', 'Domains are not enumerated, as everything here happens in .local, the domain of the link.'],
  ['R322', 'Domains are not enumerated, so there is no domain in which to begin.'],
  ['R323', 'Domains are not enumerated, by addresses of the link or by any other.'],
])
