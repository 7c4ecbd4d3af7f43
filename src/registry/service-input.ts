// Owns what register() accepts, and the defaults for what it leaves out.
// Does not own how large a service may be on the wire (node-txt.ts).
import { RegistryError } from '../errors.ts'
import { parseAddress } from './address.ts'
import { toEndpoint } from './endpoints.ts'
import { cutLabel, foldLabel, isWellFormed, parseLabel } from './label.ts'
import { parseMetadata } from './metadata.ts'
import type { Endpoint, Node, NodeInput, Service, ServiceInput } from './types.ts'

/** As in go-micro. */
const DEFAULT_VERSION = 'latest'
/** The longest delay that timers keep to, about 24 days. */
const MAX_TTL_S = 2_147_483
/** 32 random bits. */
const DIGITS = 8
/** 64 random bits: no two are ever the same. */
const UNMISTAKABLE_DIGITS = 16
const UNMISTAKABLE = /(?:[0-9a-f]-?){16}$/i

/** Chooses the id of a node that came without one. */
export type ChooseId = (service: string, node: NodeInput) => string

/** Throws a RegistryError that names the first thing that is wrong. */
export function parseService(input: ServiceInput, chooseId: ChooseId): Service {
  if (typeof input !== 'object' || input === null) {
    throw new RegistryError('ERR_INVALID_SERVICE', 'A service must be an object with a name and nodes')
  }
  const name = parseLabel(input.name, 'The service name')
  if (!Array.isArray(input.nodes) || input.nodes.length === 0) {
    throw new RegistryError(
      'ERR_INVALID_SERVICE',
      `The service '${name}' has no nodes; give it at least one, such as { address: ':8080' }`,
    )
  }
  return {
    name,
    version: parseVersion(input.version ?? DEFAULT_VERSION, name),
    metadata: parseMetadata(input.metadata, `the service '${name}'`),
    endpoints: parseEndpoints(input.endpoints ?? [], name),
    nodes: parseNodes(input.nodes, name, chooseId),
  }
}

/** Seconds, or undefined for a registration that does not lapse. Throws ERR_INVALID_TTL. */
export function parseTtl(ttl: unknown): number | undefined {
  if (ttl === undefined) return undefined
  if (typeof ttl === 'number' && Number.isInteger(ttl) && ttl >= 1 && ttl <= MAX_TTL_S) return ttl
  throw new RegistryError('ERR_INVALID_TTL', `ttl is ${String(ttl)}; give whole seconds from 1 to ${MAX_TTL_S}`)
}

/** `<service>-<8 hex digits>`, or 16 if nobody else may ever have it; the service is cut so that it fits in a label. */
export function randomId(service: string, random: () => number, unmistakable = false): string {
  const length = unmistakable ? UNMISTAKABLE_DIGITS : DIGITS
  let digits = ''
  while (digits.length < length) {
    digits += Math.floor(random() * 0x1_0000_0000)
      .toString(16)
      .padStart(8, '0')
  }
  return `${cutLabel(service, 63 - 1 - length)}-${digits}`
}

/** Throws ERR_INVALID_OPTION for an id that somebody else might choose as well. */
export function checkUnmistakable(id: string): void {
  if (UNMISTAKABLE.test(id)) return
  throw new RegistryError(
    'ERR_INVALID_OPTION',
    `Others may have the node id '${id}' as well; with probe: false it has to end in 16 random hex digits or a UUID`,
  )
}

function parseVersion(version: unknown, service: string): string {
  if (typeof version === 'string' && isWellFormed(version)) return version
  throw new RegistryError('ERR_INVALID_SERVICE', `The version of '${service}' must be a string, such as '1.0.0'`)
}

function parseEndpoints(inputs: unknown, service: string): readonly Endpoint[] {
  if (!Array.isArray(inputs)) {
    throw new RegistryError('ERR_INVALID_SERVICE', `The endpoints of '${service}' must be an array`)
  }
  return inputs.map((input: unknown, index) => {
    const endpoint = toEndpoint(input)
    if (endpoint !== undefined) return endpoint
    throw new RegistryError(
      'ERR_INVALID_SERVICE',
      `Endpoint ${index} of '${service}' must have a name and, if at all, request and response of the shape ` +
        '{ name, type, values }, nested 32 deep at most, and metadata of strings',
    )
  })
}

function parseNodes(inputs: readonly unknown[], service: string, chooseId: ChooseId): readonly Node[] {
  const nodes = inputs.map((input) => {
    if (isNodeInput(input)) return parseNode(input, service, chooseId)
    throw new RegistryError('ERR_INVALID_SERVICE', `A node of '${service}' must be an object with an address`)
  })
  const ids = new Set<string>()
  for (const { id } of nodes) {
    if (ids.has(foldLabel(id))) {
      throw new RegistryError('ERR_INVALID_SERVICE', `Two nodes of '${service}' are called '${id}'; ids must differ`)
    }
    ids.add(foldLabel(id))
  }
  return nodes
}

function parseNode(input: NodeInput, service: string, chooseId: ChooseId): Node {
  parseAddress(input.address)
  const id = parseLabel(input.id ?? chooseId(service, input), `The node id of '${service}'`)
  return { id, address: input.address, metadata: parseMetadata(input.metadata, `the node '${id}'`) }
}

function isNodeInput(input: unknown): input is NodeInput {
  return typeof input === 'object' && input !== null
}
