// Owns the grouping of items by a key, in the order in which the keys first occur.
// Does not own what the groups are for; it stands in for Map.groupBy, which Node 20 lacks.

export function groupBy<K, T>(items: Iterable<T>, keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}
