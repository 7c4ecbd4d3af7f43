// Owns what is expected of a LAN of many nodes, and whether the figures keep to it.
// Does not own the figures.
import { isWhole } from './size.mjs'

/** Milliseconds, and packets per node, at this size. */
const SIZE = 1000
const KNOW_ALL = 15_000
const PACKETS = 20
/** How much more than at a tenth of the size counts as the same still. */
const FLAT = 1.5

/** Lines of a verdict each: what is expected, what is the case, and whether it holds; where it was measured. */
export function verdicts(all) {
  const whole = all.filter(isWhole)
  const [large, small] = [SIZE, SIZE / 10].map((size) => whole.find(({ nodes }) => nodes === size))
  if (large === undefined) return []
  const found = [
    within('all know all, in ms', large.knowAll.all ?? Number.POSITIVE_INFINITY, KNOW_ALL),
    within('packets per node until then', large.start.packets / SIZE, PACKETS),
  ]
  if (small === undefined) return found
  const growth = (title, read) => within(`${title}, against a tenth of the size`, read(large) / read(small), FLAT)
  return [
    ...found,
    growth('steady packets per node', ({ nodes, steady }) => steady.packets / steady.seconds / nodes),
    growth('CPU per packet received', ({ start }) => start.cpu.perPacket),
  ]
}

function within(title, value, limit) {
  return { title, value, limit, holds: value <= limit }
}
