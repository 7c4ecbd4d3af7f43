// Owns how the lines of `mdns-registry watch --json` are read and compared: whole, node by node, in their order.
// Does not own where they come from (member.ts).
import type { Result } from '../../src/registry/types.ts'

/** By node id, what was told of it. The order between nodes is up to the network; that of one node is not. */
export type Diff = Readonly<Record<string, readonly string[]>>

/** As `create greeter 1.0.0 198.18.32.2:8080 {"zone":"a"}` with a node id beside it: all that a result says. */
export function diffOf(lines: readonly string[]): Diff {
  const diff: Record<string, string[]> = {}
  for (const line of lines) {
    const { action, service, initial, reason, ...rest }: Result = JSON.parse(line)
    const [{ id, address, metadata } = { id: 'no node', address: '', metadata: {} }, ...others] = service.nodes
    const flags = [initial ? 'initial' : '', reason ?? ''].filter((flag) => flag !== '')
    const unexpected = [...others, ...service.endpoints, ...Object.entries(service.metadata), ...Object.entries(rest)]
    const details = [metadata, ...unexpected].map((detail) => JSON.stringify(detail))
    const words = [action, service.name, service.version, address, ...flags, ...details]
    diff[id] = [...(diff[id] ?? []), words.join(' ')]
  }
  return diff
}
