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

  constructor(sink: Sink, style: OutputStyle) {
    this.#sink = sink
    this.#style = style
    this.#colors = pc.createColors(style.color)
  }

  /** How many reports have been told. */
  get count(): number {
    return this.#count
  }

  /** The headings of the columns to come. */
  head(columns: Row): void {
    if (this.#style.json || !this.#style.aligned) return
    const cells = this.#table.cells(columns.map((column) => column.toUpperCase()))
    this.#line(this.#colors.bold(joinCells(cells)))
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
    if (reports.length === 0) return
    for (const report of reports) this.#table.fit(report.rows.map((row) => row.map(escapeText)))
    this.head(columns)
    for (const report of reports) this.tell(report)
  }

  #row(row: Row): void {
    const [first = '', ...others] = this.#style.aligned ? this.#table.cells(row) : row
    this.#line(joinCells([this.#paint(first), ...others]))
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
