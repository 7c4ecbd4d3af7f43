// Owns the report of all measurements: on a terminal, as Markdown and as curves.
// Does not own the figures (figures.mjs) nor the files that it is written to (scale.mjs).
import { cpus, totalmem } from 'node:os'
import { chart } from './chart.mjs'
import { CURVES, fullAt, kindsTable, mainTable, short } from './figures.mjs'
import { verdicts } from './limits.mjs'
import { isWhole, labelOf } from './size.mjs'
import { markdownTable, plainTable } from './table.mjs'

const PHASES = [
  ['start', 'Packets of a node until all know all'],
  ['settling', 'Packets of a node from then to the end of the second minute'],
  ['steady', 'Packets of a node in the steady state, in all of its time'],
]

export function machine() {
  const [{ model } = { model: 'unknown' }] = cpus()
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`
  return { cpu: model, cores: cpus().length, memory, node: process.version, os: process.platform }
}

export function terminalReport(all) {
  const phases = PHASES.map(([phase, title]) => `${title}:\n${plainTable(kindsTable(all, phase))}`)
  const found = verdicts(all).map(
    ({ title, value, limit, holds }) =>
      `${holds ? 'holds   ' : 'EXCEEDED'}  ${title}: ${short(value)} of ${short(limit)}`,
  )
  return [plainTable(mainTable(all)), linkLimit(all), ...phases, found.join('\n')].join('\n\n')
}

export function markdownReport(all, date) {
  const { cpu, cores, memory, node } = machine()
  const day = date.toISOString().slice(0, 10)
  const families = all[0].families.map((family) => `IPv${family}`).join(' and ')
  const measured = `Measured on ${day} with ${families}: ${cores} cores of ${cpu}, ${memory}, Node ${node}.`
  const phases = PHASES.map(([phase, title]) => `${title}:\n\n${markdownTable(kindsTable(all, phase))}`)
  return [measured, markdownTable(mainTable(all)), linkLimit(all), ...phases].join('\n\n')
}

/** From the largest size at which all watch all; an empty line where there is none. */
function linkLimit(all) {
  const largest = all.filter(isWhole).sort((a, b) => b.nodes - a.nodes)[0]
  if (largest === undefined) return ''
  const [wifi, ethernet] = ['wifi', 'ethernet'].map((wire) => short(fullAt(largest, wire)))
  const since = `By the busiest second of ${labelOf(largest)} nodes`
  return `${since}, the Wi-Fi is full from about ${wifi} nodes that start within one second, 1 Gbit/s from ${ethernet}.`
}

/** One point for each number of nodes, the one with the most watchers. */
export function curves(all) {
  const most = new Map()
  for (const each of all.filter(({ one }) => !one)) {
    if (each.watchers >= (most.get(each.nodes)?.watchers ?? 0)) most.set(each.nodes, each)
  }
  const sizes = [...most.values()].sort((a, b) => a.nodes - b.nodes)
  const panels = CURVES.map(({ title, unit, read }) => ({
    title,
    unit,
    points: sizes.map((each) => ({ x: each.nodes, y: read(each) ?? 0, some: !isWhole(each) })),
  }))
  return chart({ title: 'What a LAN of so many nodes takes', panels })
}

/** `text` with what stands between the two marks replaced; throws if they are not there. */
export function replaceFigures(text, figures) {
  const marked = /(<!-- figures -->\n)[\s\S]*(\n<!-- end of figures -->)/
  if (!marked.test(text)) throw new Error('there are no marks for the figures')
  return text.replace(marked, (_, open, close) => `${open}${figures}${close}`)
}
