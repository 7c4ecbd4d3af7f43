// Owns the sizes of a LAN: how many nodes, who of them watches what, and how long the steady state is looked at.
// Does not own what is measured.

/** So many nodes are of one service where each watches its own service only; else each has one of its own. */
export const GROUP = 10

/** 25 million services do not fit into one process, so of 5,000 nodes only some watch all, and the report says so. */
export const DEFAULT_SIZES = ['10', '100', '100/10', '100/1', '1000', '1000/service', '5000/5']

/** `nodes` watch all, of `nodes/watchers` only some do, and of `nodes/service` each its own; else undefined. */
export function parseSize(text) {
  const [, nodes, rest = nodes] = /^([1-9]\d{0,4})(?:\/([1-9]\d{0,4}|service))?$/.exec(text) ?? []
  const one = rest === 'service'
  const watchers = one ? nodes : rest
  if (nodes === undefined || Number(watchers) > Number(nodes)) return undefined
  return { nodes: Number(nodes), watchers: Number(watchers), one }
}

/** Whether each node watches all the others. */
export function isWhole({ nodes, watchers, one }) {
  return watchers === nodes && !one
}

/** Virtual seconds: five times the life of a record where that is cheap, once or twice where it is not. */
export function steadySeconds({ nodes }) {
  if (nodes <= 100) return 600
  return nodes <= 1000 ? 240 : 120
}

export function labelOf(size) {
  const nodes = size.nodes.toLocaleString('en')
  if (isWhole(size)) return nodes
  return size.one ? `${nodes}, each one service of ${GROUP}` : `${nodes}, ${size.watchers.toLocaleString('en')} watch`
}
