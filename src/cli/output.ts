// Owns standard output and standard error: one line per report, as JSON or as columns.
// Does not own what a report says (format.ts).
import pc from 'picocolors'
import { escapeText, toJsonLine } from './escape.ts'
import { joinCells, type Row, Table } from './table.ts'

/** One thing to tell, in both forms; the cells are raw text. */
export interface Report {
  readonly json: unknown
  readonly rows: readonly Row[]
}

export interface OutputStyle {
  readonly json: boolean
  /** Headings and padded columns, for people at a terminal. */
  readonly aligned: boolean
  readonly color: boolean
}

export interface Sink {
  write(text: string): unknown
}

export class Output {
  readonly #sink: Sink
  readonly #style: OutputStyle
  readonly #table = new Table()
  readonly #colors: ReturnType<typeof pc.createColors>
  #count = 0
  #heading: Row | undefined

  constructor(sink: Sink, style: OutputStyle) {
    this.#sink = sink
    this.#style = style
    this.#colors = pc.createColors(style.color)
  }

  /** How many reports have been told. */
  get count(): number {
    return this.#count
  }

  /** The heading of the columns to come; it is drawn with the first row, when there is something to align it to. */
  head(columns: Row): void {
    this.#heading = columns.map((column) => column.toUpperCase())
  }

  /** A sentence of our own, for people only. */
  note(text: string): void {
    if (!this.#style.json) this.#line(text)
  }

  tell(report: Report): void {
    this.#count += 1
    if (this.#style.json) this.#line(toJsonLine(report.json))
    else for (const row of report.rows) this.#row(row.map(escapeText))
  }

  /** Reports that are known all at once, under one heading. */
  list(columns: Row, reports: readonly Report[]): void {
    for (const report of reports) this.#table.fit(report.rows.map((row) => row.map(escapeText)))
    this.head(columns)
    for (const report of reports) this.tell(report)
  }

  #row(row: Row): void {
    if (!this.#style.aligned) {
      this.#line(joinCells(row))
      return
    }
    this.#table.fit([row])
    this.#drawHeading()
    const [first = '', ...others] = this.#table.cells(row)
    this.#line(joinCells([this.#paint(first), ...others]))
  }

  #drawHeading(): void {
    if (this.#heading === undefined) return
    this.#table.fit([this.#heading])
    this.#line(this.#colors.bold(joinCells(this.#table.cells(this.#heading))))
    this.#heading = undefined
  }

  #paint(cell: string): string {
    const word = cell.trimEnd()
    if (word === 'up' || word === 'create') return this.#colors.green(cell)
    if (word === 'down' || word === 'delete') return this.#colors.red(cell)
    return word === 'update' ? this.#colors.yellow(cell) : cell
  }

  #line(text: string): void {
    this.#sink.write(`${text}\n`)
  }
}

/** The style that fits the stream, the flags and the user's environment, https://no-color.org. */
export function styleFor(json: boolean, isTerminal: boolean, environment: NodeJS.ProcessEnv): OutputStyle {
  const color = isTerminal && !environment.NO_COLOR && environment.TERM !== 'dumb'
  return { json, aligned: isTerminal, color }
}
