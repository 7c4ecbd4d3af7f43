// Owns aligned columns, for lists that are known at once and for streams that are not.
// Does not own colours nor what the cells say.

export type Row = readonly string[]

const GAP = '  '

/** Remembers the widest cell of every column, so that the lines of a stream settle into columns as they come. */
export class Table {
  readonly #widths: number[] = []

  /** Makes room for these rows before the first line is drawn. */
  fit(rows: readonly Row[]): void {
    for (const row of rows) this.#grow(row)
  }

  /** The cells of this row, padded; the last one is left as it is. */
  cells(row: Row): Row {
    this.#grow(row)
    return row.map((cell, column) => (column === row.length - 1 ? cell : cell + this.#padding(cell, column)))
  }

  #grow(row: Row): void {
    row.forEach((cell, column) => {
      this.#widths[column] = Math.max(this.#widths[column] ?? 0, widthOf(cell))
    })
  }

  #padding(cell: string, column: number): string {
    return ' '.repeat((this.#widths[column] ?? 0) - widthOf(cell))
  }
}

export function joinCells(cells: Row): string {
  return cells.join(GAP).trimEnd()
}

/** Characters as a reader counts them; a wide one counts as one. */
function widthOf(cell: string): number {
  return [...segmenter.segment(cell)].length
}

const segmenter = new Intl.Segmenter()
