// Owns which libraries the table compares, and which of them are installed.
// Does not own how they are driven: a program for each, in test/peers, takes the same orders.
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export interface Library {
  /** The name of its column. */
  readonly name: string
  /** The program that runs it. */
  readonly program: string
  readonly browses: boolean
  /** Uses no end of a veth pair, so that a bridge has to stand before it where that is not what the row is about. */
  readonly needsBridge?: boolean
}

const PEERS_DIRECTORY = new URL('../../peers/', import.meta.url)

export const OURS: Library = { name: 'mdns-registry', program: 'ours.mjs', browses: true }
export const BONJOUR_SERVICE: Library = { name: 'bonjour-service', program: 'bonjour-service.mjs', browses: true }
export const CIAO: Library = { name: '@homebridge/ciao', program: 'ciao.mjs', browses: false, needsBridge: true }
export const DNSSD: Library = { name: 'dnssd', program: 'dnssd.mjs', browses: true }
export const MULTICAST_DNS: Library = { name: 'multicast-dns', program: 'multicast-dns.mjs', browses: true }
/** Those that do by themselves what the rows ask for. */
export const PEERS: readonly Library[] = [BONJOUR_SERVICE, CIAO, DNSSD]

export function pathOf(program: string): string {
  return fileURLToPath(new URL(program, PEERS_DIRECTORY))
}

export function interpreterOf(program: string): string {
  return program.endsWith('.py') ? fileURLToPath(new URL('venv/bin/python', PEERS_DIRECTORY)) : process.execPath
}

/** Undefined for a library that is not installed. */
export function versionOf({ name }: Library): string | undefined {
  const manifest = new URL(
    name === OURS.name ? '../../package.json' : `node_modules/${name}/package.json`,
    PEERS_DIRECTORY,
  )
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).version : undefined
}
