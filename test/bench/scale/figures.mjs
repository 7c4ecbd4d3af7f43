// Owns which figures are shown of a measurement: what each is called, and how it is read off.
// Does not own how they are laid out (table.mjs) nor drawn (chart.mjs).
import { KINDS } from './census.mjs'
import { isWhole, labelOf } from './size.mjs'

const MINUTE = 60

const packetsPerNode = ({ nodes, start }) => start.packets / nodes
const steadyPerSecond = ({ steady }) => steady.packets / steady.seconds
const early = ({ start, settling }, of) => Math.max(of(start), of(settling))

/** To few digits, as all of it is a measurement. */
export function short(value, unit = '') {
  if (value === undefined) return 'never'
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return `${Number(value.toFixed(digits)).toLocaleString('en')}${unit}`
}

const seconds = (ms) => short(ms === undefined ? undefined : ms / 1000, ' s')
const percent = (share) => short(100 * share, ' %')
const waiting = (figures, wire) => {
  const busiest = early(figures, ({ wires }) => wires[wire].busiest)
  const longest = early(figures, ({ wires }) => wires[wire].longestWait)
  return `${percent(busiest)}, ${short(longest, ' ms')}`
}

/** Title and reading of each row. */
const ROWS = [
  ['all know all: half of them', ({ knowAll }) => seconds(knowAll.median)],
  ['all know all: 95 %', ({ knowAll }) => seconds(knowAll.most)],
  ['all know all: the last', ({ knowAll }) => seconds(knowAll.all)],
  ['packets per node until then', (figures) => short(packetsPerNode(figures))],
  ['bytes per node until then', ({ nodes, start }) => short(start.bytes / nodes)],
  [
    'packets per node in two minutes',
    ({ nodes, start, settling }) => short((start.packets + settling.packets) / nodes),
  ],
  ['most packets in one second', (figures) => short(early(figures, ({ peak }) => peak))],
  ['1 Gbit/s: busiest second, longest wait', (figures) => waiting(figures, 'ethernet')],
  ['Wi-Fi: busiest second, longest wait', (figures) => waiting(figures, 'wifi')],
  ['longest queue of a node (packets)', (figures) => short(early(figures, ({ wires }) => wires.node.mostWaiting))],
  ['steady: packets per second', (figures) => short(steadyPerSecond(figures))],
  ['steady: bytes per second', ({ steady }) => short(steady.bytes / steady.seconds)],
  ['steady: busiest second of the Wi-Fi', ({ steady }) => percent(steady.wires.wifi.busiest)],
  ['steady: packets per node and minute', (figures) => short((MINUTE * steadyPerSecond(figures)) / figures.nodes)],
  ['CPU per packet received, at the start', ({ start }) => short(1000 * start.cpu.perPacket, ' µs')],
  ['CPU per packet received, steady', ({ steady }) => short(1000 * steady.cpu.perPacket, ' µs')],
  ['CPU per node until all know all', ({ nodes, start }) => short(start.cpu.nodes / nodes, ' ms')],
  [
    'CPU per node and steady minute',
    ({ nodes, steady }) => short((MINUTE * steady.cpu.nodes) / steady.seconds / nodes, ' ms'),
  ],
  ['heap per node', ({ heapPerNode }) => short(heapPerNode / 1e6, ' MB')],
  ['heap per service that is known', heapPerService],
  ['lost, though none ever went', ({ lost }) => short(lost)],
]

/** Only where all watch: else most of the heap may be of nodes that know none. */
function heapPerService(figures) {
  const { nodes, heapPerNode } = figures
  return isWhole(figures) ? short(heapPerNode / nodes / 1000, ' kB') : '–'
}

/** How many nodes, all started within a second, would keep the link busy for all of a second: twice as many, twice. */
export function fullAt(figures, wire) {
  return Number((figures.nodes / early(figures, ({ wires }) => wires[wire].busiest)).toPrecision(1))
}

/** A head and rows of text: one column for each measurement. */
export function mainTable(all) {
  return {
    head: ['nodes', ...all.map(labelOf)],
    rows: ROWS.map(([title, read]) => [title, ...all.map((figures) => read(figures))]),
  }
}

/** Who sends what: packets of each kind per node, in one phase; kinds of which there are none are left out. */
export function kindsTable(all, phase) {
  const rows = KINDS.map((kind) => {
    const packets = all.map((figures) => figures[phase].kinds[kind].packets / figures.nodes)
    return { kind, packets }
  })
  const seen = rows.filter(({ packets }) => packets.some((count) => count > 0))
  return {
    head: ['nodes', ...all.map(labelOf)],
    rows: seen.map(({ kind, packets }) => [kind, ...packets.map((count) => short(count))]),
  }
}

/** What the curves show, by size: value of each figure. */
export const CURVES = [
  { title: 'Until all know all', unit: 's', read: ({ knowAll }) => knowAll.all && knowAll.all / 1000 },
  { title: 'Packets per node until then', unit: '', read: packetsPerNode },
  { title: 'Packets per second, steady', unit: '/s', read: steadyPerSecond },
  { title: 'CPU per packet received', unit: 'µs', read: ({ start }) => 1000 * start.cpu.perPacket },
]
