// Owns the table: what came of every row with every library, in words, and how it is printed.
// Does not own any expectation.
import type { Library } from './library.ts'
import type { Row } from './row.ts'
import type { Observation } from './stage.ts'

const CANNOT = '–'
export const NOT_INSTALLED = 'not installed'
const WIDTH = 32
const GAP = 2

export class Outcomes {
  readonly #rows: readonly Row<unknown>[]
  readonly #columns: ReadonlyMap<Library, string>
  readonly #words = new Map<Row<unknown>, Map<Library, string>>()

  /** The columns are the libraries with their headings. */
  constructor(rows: readonly Row<unknown>[], columns: ReadonlyMap<Library, string>) {
    this.#rows = rows
    this.#columns = columns
  }

  put<Seen>(row: Row<Seen>, library: Library, words: string): void {
    const known = this.#words.get(row as Row<unknown>) ?? new Map<Library, string>()
    this.#words.set(row as Row<unknown>, known.set(library, words))
  }

  take<Seen>(row: Row<Seen>, library: Library, { seen, crash, errors }: Observation<Seen>): void {
    this.put(row, library, [crash ?? row.tell(seen), ...errors.map((message) => `error event: ${message}`)].join('; '))
  }

  /** Aligned; what does not fit in a cell goes on below. */
  toString(): string {
    const libraries = [...this.#columns.keys()]
    const body = this.#rows.map((row) => [
      row.title,
      ...libraries.map((library) => this.#words.get(row)?.get(library) ?? CANNOT),
    ])
    return [['', ...this.#columns.values()], ...body].map(block).join('\n')
  }
}

function block(cells: readonly string[]): string {
  const wrapped = cells.map(wrap)
  const height = Math.max(...wrapped.map(({ length }) => length))
  const line = (n: number) => wrapped.map((lines) => (lines[n] ?? '').padEnd(WIDTH + GAP)).join('')
  return Array.from({ length: height + 1 }, (_, n) => line(n).trimEnd()).join('\n')
}

/** A word that is too long alone stands over. */
function wrap(text: string): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`.trim()
    if (lines.length > 0 && longer.length <= WIDTH) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines
}
