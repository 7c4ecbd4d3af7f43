// Owns endpoints and their values as they come from outside: callers and packets alike.
// Does not own how endpoints travel (node-txt.ts).
import { isWellFormed } from './label.ts'
import { toMetadata } from './metadata.ts'
import type { Endpoint, Value } from './types.ts'

/** Deeper than any message type that people write, and shallow enough to be walked without a thought. */
const MAX_DEPTH = 32

/** Fills in what was left out: null for a missing request or response, {} for missing metadata. */
export function toEndpoint(raw: unknown): Endpoint | undefined {
  if (!isRecord(raw) || !isText(raw.name)) return undefined
  const request = toOptionalValue(raw.request)
  const response = toOptionalValue(raw.response)
  const metadata = toMetadata(raw.metadata)
  if (request === undefined || response === undefined || metadata === undefined) return undefined
  return { name: raw.name, request, response, metadata }
}

/** The endpoint without the parts that say nothing, so that it takes little room. */
export function compactEndpoint({ name, request, response, metadata = {} }: Endpoint): Endpoint {
  return {
    name,
    ...(request ? { request } : {}),
    ...(response ? { response } : {}),
    ...(Object.keys(metadata).length > 0 ? { metadata } : {}),
  }
}

function toOptionalValue(raw: unknown): Value | null | undefined {
  return raw === undefined || raw === null ? null : toValue(raw, 1)
}

function toValue(raw: unknown, depth: number): Value | undefined {
  if (depth > MAX_DEPTH || !isRecord(raw) || !isText(raw.name) || !isText(raw.type)) return undefined
  const rawValues: unknown = raw.values ?? []
  if (!Array.isArray(rawValues)) return undefined
  const values: Value[] = []
  for (const rawValue of rawValues) {
    const value = toValue(rawValue, depth + 1)
    if (value === undefined) return undefined
    values.push(value)
  }
  return { name: raw.name, type: raw.type, values }
}

function isRecord(raw: unknown): raw is Readonly<Record<string, unknown>> {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw)
}

function isText(raw: unknown): raw is string {
  return typeof raw === 'string' && isWellFormed(raw)
}
