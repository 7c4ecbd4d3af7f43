// Owns `host:port`, the form in which a node states where it listens.
// Does not own which of several addresses a reader should use (reachable.ts).
import { isIP, isIPv4 } from 'node:net'
import { RegistryError } from '../errors.ts'

export type NodeAddress =
  /** Whatever addresses this machine has. */
  | { readonly kind: 'wildcard'; readonly port: number }
  /** `host` in canonical form, without brackets. */
  | { readonly kind: 'ip'; readonly host: string; readonly port: number }
  | { readonly kind: 'name'; readonly host: string; readonly port: number }

const WILDCARDS: ReadonlySet<string> = new Set(['', '*', '0.0.0.0', '::'])
const MAX_NAME_BYTES = 253
const MAX_LABEL_BYTES = 63
const utf8 = new TextEncoder()

/** Throws ERR_INVALID_PORT or ERR_INVALID_ADDRESS. */
export function parseAddress(text: unknown): NodeAddress {
  if (typeof text !== 'string') {
    throw new RegistryError(
      'ERR_INVALID_ADDRESS',
      "A node needs an address; write 'host:port', or ':port' for this machine",
    )
  }
  const [, bracketed, bare, digits] = /^(?:\[([^[\]]*)\]|([^[\]]*?))(?::([^:]*))?$/.exec(text) ?? []
  const host = canonicalHost(bracketed, bare, text)
  const port = parsePort(digits, text)
  if (WILDCARDS.has(host)) return { kind: 'wildcard', port }
  if (isIP(host) !== 0) return { kind: 'ip', host, port }
  return { kind: 'name', host: parseHostName(host, text), port }
}

/** `198.18.0.1:80`, `[2001:db8::1]:80`, `box.local:80`. */
export function formatAddress(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

function canonicalHost(bracketed: string | undefined, bare: string | undefined, text: string): string {
  if (bracketed !== undefined) {
    if (isIP(bracketed) !== 6 || bracketed.includes('%')) {
      throw invalid(text, 'put an IPv6 address without a zone between the brackets')
    }
    return new URL(`http://[${bracketed}]/`).hostname.slice(1, -1)
  }
  if (bare === undefined) throw invalid(text, "write 'host:port'")
  if (bare.includes(':')) throw invalid(text, "put an IPv6 address in brackets, as in '[2001:db8::1]:8080'")
  return bare
}

function parsePort(digits: string | undefined, text: string): number {
  const port = digits !== undefined && /^\d{1,5}$/.test(digits) ? Number(digits) : 0
  if (port >= 1 && port <= 65_535) return port
  throw new RegistryError(
    'ERR_INVALID_PORT',
    `The address '${text}' has no usable port; end it with a port from 1 to 65535, as in 'host:8080'`,
  )
}

/** Letters of any script, digits, hyphen and underscore in each label; an all-digit end is a mistyped IPv4 address. */
function parseHostName(host: string, text: string): string {
  const name = host.normalize('NFC').replace(/\.$/, '')
  const labels = name.split('.')
  const last = labels.at(-1) ?? ''
  const valid = labels.every((label) => /^[\p{L}\p{M}\p{N}_-]+$/u.test(label) && bytes(label) <= MAX_LABEL_BYTES)
  if (!valid || /^\d+$/.test(last) || bytes(name) > MAX_NAME_BYTES || isIPv4(name)) {
    throw invalid(text, 'use an IP address, a host name, or nothing before the colon for this machine')
  }
  return name
}

function bytes(text: string): number {
  return utf8.encode(text).length
}

function invalid(text: string, advice: string): RegistryError {
  return new RegistryError('ERR_INVALID_ADDRESS', `'${text}' is not an address that others can use; ${advice}`)
}
