// Owns how the words of a command line become values; a word that makes no sense is a usage error.
// Does not own which command takes which words (program.ts).
import { InvalidArgumentError } from 'commander'
import type { TxtInput } from '../dnssd/types.ts'
import { WIRES, type WireName } from '../registry/mdns.ts'

const MAX_PORT = 65_535
const MS_PER_SECOND = 1000

/** For options that may be given more than once. */
export function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value]
}

/** Words with commas between them. */
export function parseList(text: string): readonly string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
}

export function parsePort(text: string): number {
  const port = parseWhole(text)
  if (port > MAX_PORT) throw new InvalidArgumentError(`A port is a whole number from 0 to ${MAX_PORT}.`)
  return port
}

/** Seconds. */
export function parseTtl(text: string): number {
  const ttl = parseWhole(text)
  if (ttl === 0) throw new InvalidArgumentError('A TTL is a whole number of seconds, at least 1.')
  return ttl
}

/** Seconds on the command line, milliseconds from here on. */
export function parseInterval(text: string): number {
  const seconds = parseWhole(text)
  if (seconds === 0) throw new InvalidArgumentError('An interval is a whole number of seconds, at least 1.')
  return seconds * MS_PER_SECOND
}

/** Wire formats with commas between them. */
export function parseWires(text: string): readonly WireName[] {
  const words = parseList(text)
  const wires = WIRES.filter((wire) => words.includes(wire))
  if (wires.length > 0 && wires.length === new Set(words).size) return wires
  throw new InvalidArgumentError(`It is one of ${WIRES.join(', ')}, or both with a comma between them.`)
}

/** Milliseconds. */
export function parseTimeout(text: string): number {
  return parseWhole(text)
}

function parseWhole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It has to be a whole number.')
  return Number(text)
}

/** `key=value` words; the value may be empty and may hold more `=`. A later key wins. */
export function parsePairs(words: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf('=')
      if (at < 1) throw new InvalidArgumentError(`'${word}' is not of the form key=value.`)
      return [word.slice(0, at), word.slice(at + 1)]
    }),
  )
}

/** As parsePairs, and a word without `=` is a key without value, RFC 6763 §6.4. */
export function parseTxt(words: readonly string[]): TxtInput {
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf('=')
      if (at === 0) throw new InvalidArgumentError(`'${word}' has no key before the '='.`)
      return at < 0 ? [word, true] : [word.slice(0, at), word.slice(at + 1)]
    }),
  )
}

/** `--address HOST:PORT`, else every address of this host at `--port`. */
export function nodeAddress(port: number | undefined, address: string | undefined): string {
  if (address === undefined) {
    if (port === undefined) throw new InvalidArgumentError('Say where it listens: --port N or --address HOST:PORT.')
    return `:${port}`
  }
  const written = /:(\d+)$/.exec(address)?.[1]
  if (written === undefined) throw new InvalidArgumentError(`'${address}' is not of the form HOST:PORT.`)
  const inAddress = parsePort(written)
  if (port !== undefined && port !== inAddress) {
    throw new InvalidArgumentError(`--port ${port} and --address ${address} name different ports.`)
  }
  return address
}
