// Owns how a handful of things is kept in little room: as a rule it is one, and an array of one is larger than most.
// Does not own the things, of which none is an array.

export type Few<T extends object | string> = T | readonly T[] | undefined

export function allOf<T extends object | string>(few: Few<T>): readonly T[] {
  if (few === undefined) return []
  return isArray(few) ? few : [few]
}

export function sizeOf<T extends object | string>(few: Few<T>): number {
  if (few === undefined) return 0
  return isArray(few) ? few.length : 1
}

/** These and one more, at the end. */
export function withOne<T extends object | string>(few: Few<T>, one: T): Few<T> {
  // To its exact size, which an array that is spread or pushed to does not have.
  return few === undefined ? one : allOf(few).concat(one)
}

export function withoutOne<T extends object | string>(few: Few<T>, one: T): Few<T> {
  const left = allOf(few).filter((each) => each !== one)
  return left.length > 1 ? left : left[0]
}

function isArray<T extends object | string>(few: T | readonly T[]): few is readonly T[] {
  return Array.isArray(few)
}
