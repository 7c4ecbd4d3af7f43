// Owns the question which addresses of this machine a UDP port is held on, where the system can be asked.
// Does not own what follows from it (link-socket.ts).
import { readFileSync } from 'node:fs'
import { endianness } from 'node:os'
import { addressText } from '../wire/address.ts'

/** `14356: 010012C6:14E9 …`: slot, local address in words of the machine's own byte order, and port. */
const ROW = /^\s*\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) /
const WORD = 4

/** One address for each socket, such as `0.0.0.0` or `fe80::1`; undefined where the system does not tell. */
export function portHolders(port: number): readonly string[] | undefined {
  try {
    const rows = ['/proc/net/udp', '/proc/net/udp6'].flatMap((path) => readFileSync(path, 'utf8').split('\n'))
    return rows.flatMap((row) => {
      const [, address = '', hexPort = ''] = ROW.exec(row) ?? []
      return Number.parseInt(hexPort, 16) === port ? [textOf(Buffer.from(address, 'hex'))] : []
    })
  } catch {
    return undefined
  }
}

function textOf(bytes: Buffer): string {
  if (endianness() === 'LE') for (let at = 0; at < bytes.length; at += WORD) bytes.subarray(at, at + WORD).reverse()
  return addressText(bytes, 0, bytes.length === WORD ? 4 : 16)
}
