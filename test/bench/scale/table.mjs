// Owns the layout of a table, for a terminal and for Markdown.
// Does not own what is in it (figures.mjs).

/** Columns as wide as their widest cell, all but the first to the right. */
export function plainTable({ head, rows }) {
  const lines = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...lines.map((cells) => cells[column].length)))
  const print = (cells) =>
    cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('  ')
  return lines.map((cells) => print(cells).trimEnd()).join('\n')
}

export function markdownTable({ head, rows }) {
  const print = (cells) => `| ${cells.join(' | ')} |`
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'))
  return [head, rule, ...rows].map(print).join('\n')
}
