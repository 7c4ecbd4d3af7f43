// Owns what counts as metadata: a plain record of strings.
// Does not own how metadata travels (node-txt.ts).
import { RegistryError } from '../errors.ts'
import { isWellFormed } from './label.ts'
import type { Metadata } from './types.ts'

/** Reads data from outside; undefined unless every value is a string that UTF-8 can carry. */
export function toMetadata(raw: unknown): Metadata | undefined {
  if (raw === undefined || raw === null) return {}
  if (typeof raw !== 'object' || !isPlain(raw)) return undefined
  const entries = Object.entries(raw)
  return entries.every(([key, value]) => isEntry(key, value)) ? fromEntries(entries) : undefined
}

/** Throws ERR_INVALID_METADATA; `owner` says in the message whose metadata it is. */
export function parseMetadata(raw: unknown, owner: string): Metadata {
  const metadata = toMetadata(raw)
  if (metadata !== undefined) return metadata
  const entries = typeof raw === 'object' && raw !== null && isPlain(raw) ? Object.entries(raw) : []
  const [wrong] = entries.find(([key, value]) => !isEntry(key, value)) ?? []
  const advice =
    wrong === undefined
      ? 'must be a plain object of strings'
      : `has a value that is not well-formed text under ${JSON.stringify(wrong)}; turn it into a string`
  throw new RegistryError('ERR_INVALID_METADATA', `The metadata of ${owner} ${advice}`)
}

/** Defines every key as a property of its own, so that `__proto__` is a key like any other. */
export function fromEntries(entries: Iterable<readonly [string, string]>): Metadata {
  return Object.fromEntries(entries)
}

function isPlain(raw: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(raw)
  return prototype === Object.prototype || prototype === null
}

function isEntry(key: string, value: unknown): value is string {
  return typeof value === 'string' && isWellFormed(key) && isWellFormed(value)
}
