// Owns what a server tells about itself: where it listens, and which protocol it speaks.
// Does not own when it begins and ends to listen (advertised-server.ts).
import type { AddressInfo } from 'node:net'
import { RegistryError } from '../errors.ts'
import { formatAddress } from '../registry/address.ts'

/** What `net.Server` and everything built on it has. */
export interface Server {
  readonly listening: boolean
  address(): AddressInfo | string | null
  on(event: string | symbol, listener: (error: Error) => void): unknown
  off(event: string | symbol, listener: (error: Error) => void): unknown
}

/** A server, or what holds one as its `server`, as Fastify does. */
export type ServerLike = Server | { readonly server: Server }

export type Protocol = 'http' | 'https' | 'tcp'

const WILDCARDS: ReadonlySet<string> = new Set(['0.0.0.0', '::'])
const MAPPED_V4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i

/** Throws ERR_INVALID_SERVER. */
export function serverOf(given: unknown): Server {
  if (isServer(given)) return given
  if (hasServer(given) && isServer(given.server)) return given.server
  throw new RegistryError(
    'ERR_INVALID_SERVER',
    'This is no server; give a net.Server, an http.Server, a Fastify instance, or what the listen() of Express ' +
      'returned',
  )
}

/** `host:port`, with no host if it listens on all of them; undefined while it does not. Throws ERR_INVALID_SERVER. */
export function addressOf(server: Server): string | undefined {
  const address = server.listening ? server.address() : null
  if (address === null) return undefined
  if (typeof address === 'string') {
    throw new RegistryError(
      'ERR_INVALID_SERVER',
      `The server listens on the socket '${address}', which no other machine can reach; let it listen on a port`,
    )
  }
  const host = address.address.replace(/%.*$/, '').replace(MAPPED_V4, '$1')
  return WILDCARDS.has(host) ? `:${address.port}` : formatAddress(host, address.port)
}

/** Told by what the server can do, so that servers of other packages are recognised as well. */
export function protocolOf(server: Server): Protocol {
  if (!('setTimeout' in server)) return 'tcp'
  return 'setSecureContext' in server ? 'https' : 'http'
}

function isServer(given: unknown): given is Server {
  if (typeof given !== 'object' || given === null) return false
  return 'listening' in given && ['address', 'on', 'off'].every((name) => isMethod(Reflect.get(given, name)))
}

function hasServer(given: unknown): given is { readonly server: unknown } {
  return (typeof given === 'object' || typeof given === 'function') && given !== null && 'server' in given
}

function isMethod(value: unknown): boolean {
  return typeof value === 'function'
}
