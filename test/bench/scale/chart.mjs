// Owns the drawing of curves as SVG: log-log panels side by side, readable on a light and on a dark page.
// Does not own which curves there are (figures.mjs).

const PANEL = { width: 300, height: 210, left: 52, right: 16, top: 34, bottom: 34 }
const PLOT = { width: PANEL.width - PANEL.left - PANEL.right, height: PANEL.height - PANEL.top - PANEL.bottom }
const COLUMNS = 2

const STYLE = `
    text { font: 12px system-ui, sans-serif; fill: #333 }
    .title { font-weight: 600 }
    .tick { font-size: 10px; fill: #666 }
    .grid { stroke: #ddd }
    .curve { stroke: #0a6ebd; stroke-width: 2; fill: none }
    .some { stroke-dasharray: 4 4 }
    .point { fill: #0a6ebd; stroke: #0a6ebd; stroke-width: 2 }
    .hollow { fill: none }
    @media (prefers-color-scheme: dark) {
      text { fill: #ddd }
      .tick { fill: #999 }
      .grid { stroke: #444 }
      .curve { stroke: #6cb6ff }
      .point { fill: #6cb6ff; stroke: #6cb6ff }
      .hollow { fill: none }
    }`

/** A logarithmic scale that ends at whole powers of ten. */
export class Scale {
  #low
  #high
  #length

  constructor(values, length) {
    const logs = values.map((value) => Math.log10(value))
    this.#low = Math.floor(Math.min(...logs) + 1e-9)
    this.#high = Math.max(Math.ceil(Math.max(...logs) - 1e-9), this.#low + 1)
    this.#length = length
  }

  at(value) {
    return ((Math.log10(value) - this.#low) / (this.#high - this.#low)) * this.#length
  }

  get ticks() {
    return Array.from({ length: this.#high - this.#low + 1 }, (_, index) => 10 ** (this.#low + index))
  }
}

/** `panels`: each a `title`, a `unit` and `points` of `x`, `y` and `some`, which are drawn hollow. */
export function chart({ title, panels }) {
  const width = COLUMNS * PANEL.width
  const height = Math.ceil(panels.length / COLUMNS) * PANEL.height
  const drawn = panels.map((panel, index) => {
    const [x, y] = [(index % COLUMNS) * PANEL.width, Math.floor(index / COLUMNS) * PANEL.height]
    return `  <g transform="translate(${x} ${y})">\n${drawPanel(panel)}\n  </g>`
  })
  const open = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" role="img">`
  return [open, `  <title>${escaped(title)}</title>`, `  <style>${STYLE}\n  </style>`, ...drawn, '</svg>', ''].join(
    '\n',
  )
}

function drawPanel({ title, unit, points }) {
  const shown = points.filter(({ y }) => y > 0)
  const heading = text(PANEL.left, 18, title, 'title')
  if (shown.length === 0) return heading
  const across = new Scale(
    shown.map(({ x }) => x),
    PLOT.width,
  )
  const up = new Scale(
    shown.map(({ y }) => y),
    PLOT.height,
  )
  const place = ({ x, y, some }) => ({
    x: round(PANEL.left + across.at(x)),
    y: round(PANEL.top + PLOT.height - up.at(y)),
    some,
    label: `${amount(x)} nodes: ${amount(y)} ${unit}`,
  })
  return [heading, ...grid(across, up, unit), ...curve(shown.map(place))].join('\n')
}

function grid(across, up, unit) {
  const [right, bottom] = [PANEL.left + PLOT.width, PANEL.top + PLOT.height]
  const columns = across.ticks.flatMap((value) => {
    const x = round(PANEL.left + across.at(value))
    return [line(x, PANEL.top, x, bottom), text(x, bottom + 15, amount(value), 'tick', 'middle')]
  })
  const rows = up.ticks.flatMap((value) => {
    const y = round(bottom - up.at(value))
    return [line(PANEL.left, y, right, y), text(PANEL.left - 6, y + 3, `${amount(value)} ${unit}`, 'tick', 'end')]
  })
  return [...columns, ...rows, text(right, bottom + 28, 'nodes', 'tick', 'end')]
}

function curve(points) {
  const parts = points.slice(1).map((to, index) => {
    const from = points[index]
    return `    <path class="curve${to.some || from.some ? ' some' : ''}" d="M${from.x} ${from.y}L${to.x} ${to.y}"/>`
  })
  const dots = points.map(({ x, y, some, label }) => {
    const look = some ? 'point hollow' : 'point'
    return `    <circle class="${look}" cx="${x}" cy="${y}" r="3.5"><title>${escaped(label)}</title></circle>`
  })
  return [...parts, ...dots]
}

function line(x1, y1, x2, y2) {
  return `    <path class="grid" d="M${x1} ${y1}L${x2} ${y2}"/>`
}

function text(x, y, content, look, anchor = 'start') {
  return `    <text class="${look}" x="${x}" y="${y}" text-anchor="${anchor}">${escaped(content.trim())}</text>`
}

function amount(value) {
  return Number(value.toPrecision(3)).toLocaleString('en', { maximumFractionDigits: 3 })
}

function round(value) {
  return Math.round(10 * value) / 10
}

function escaped(content) {
  return content.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
}
