// Owns how the figures of a section look to people: a table in Markdown, and below it why a peer has no figure.
// Does not own the figures.

/** So many figures are named where a peer has none of them. */
const FEW = 2

/** How many times ours the peer takes: above 1, ours is ahead. Undefined where there is nothing to divide. */
export function ratio({ ours, peers }, peer) {
  const theirs = peers[peer]
  return typeof theirs === 'number' && ours > 0 ? theirs / ours : undefined
}

/** Whether ours is within the limit; undefined where there is none. */
export function holds({ ours, limit }) {
  return limit === undefined ? undefined : ours <= limit
}

/** Three digits that matter; none after the point of what was counted. */
export function shown(number) {
  if (!Number.isFinite(number) || (Number.isInteger(number) && Math.abs(number) < 100)) return String(number)
  const magnitude = Math.abs(number)
  if (magnitude >= 100) return Math.round(number).toLocaleString('en')
  if (magnitude >= 10) return number.toFixed(1)
  return magnitude >= 1 ? number.toFixed(2) : number.toFixed(3)
}

export function table({ title, figures, failed }) {
  const peers = [...new Set(figures.flatMap((figure) => Object.keys(figure.peers)))]
  const rows = figures.map((figure) => [figure.title, `**${shown(figure.ours)}** ${figure.unit}`, limitOf(figure)])
  for (const [index, figure] of figures.entries()) rows[index].push(...peers.map((peer) => cell(figure, peer)))
  const lines = aligned([['', 'mdns-registry', 'limit', ...peers], ...rows])
  const end = failed ? ['', 'The section ended with an error.'] : []
  return [`## ${title}`, '', ...lines, ...remarks(figures), ...end].join('\n')
}

function limitOf(figure) {
  const within = holds(figure)
  return within === undefined ? '' : `${shown(figure.limit)} ${within ? 'holds' : '**exceeded**'}`
}

function cell(figure, peer) {
  const theirs = figure.peers[peer]
  if (typeof theirs !== 'number') return theirs === undefined ? '' : '–'
  const times = ratio(figure, peer)
  return times === undefined ? shown(theirs) : `${shown(theirs)} (${shown(times)}×)`
}

function aligned(rows) {
  const widths = rows[0].map((_, column) => Math.max(3, ...rows.map((row) => row[column].length)))
  const line = (cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`
  return [line(rows[0]), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...rows.slice(1).map(line)]
}

/** The notes of figures, and every reason for which a peer has none, once with all the figures it holds for. */
function remarks(figures) {
  const notes = [
    ...new Set(
      figures.flatMap(({ title, note }) => (note ? `- ${title.replace(/^\d+ services: /, '')}: ${note}` : [])),
    ),
  ]
  const reasons = new Map()
  for (const { title, peers } of figures) {
    for (const [peer, reason] of Object.entries(peers)) {
      if (typeof reason !== 'string') continue
      const key = `${peer}: ${reason}`
      reasons.set(key, [...(reasons.get(key) ?? []), title])
    }
  }
  const absent = [...reasons].map(([reason, titles]) => {
    if (titles.length === figures.length) return `- ${reason}`
    return titles.length > FEW ? `- ${reason} (${titles.length} figures)` : `- ${reason} (${titles.join('; ')})`
  })
  return notes.length + absent.length > 0 ? ['', ...notes, ...absent] : []
}
