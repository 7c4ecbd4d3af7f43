// Owns the step from what an operating system calls itself to a label that is fit for a host name.
// Does not own asking the system, nor the names after a conflict (the engine counts those).

/** Bytes in a label, RFC 1035 §2.3.4. */
const LONGEST_LABEL = 63

/**
 * The first label of `text` with letters, digits and hyphens only, RFC 6762 §3; `host` where nothing is left.
 * `Anna's MacBook.fritz.box` becomes `Anna-s-MacBook`.
 */
export function hostLabel(text: string): string {
  const [first = ''] = text.split('.')
  const plain = first
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9]+/g, '-')
  const label = plain.replace(/^-/, '').slice(0, LONGEST_LABEL).replace(/-$/, '')
  return label === '' ? 'host' : label
}
