// Owns the run of the bench: which sections, each in a process of its own, the tables and the JSON.
// Does not own any measurement (sections/) nor how a table looks (report.mjs).
// npm run bench -- [section…] [--json FILE] [--quick] [--runs N]
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { table } from './report.mjs'

const HERE = new URL('.', import.meta.url)
const ORDER = ['codec', 'intake', 'cache', 'latency', 'services', 'processes', 'footprint']
const DEFAULT_RUNS = 5

/** In the order of the issue, and what it does not know at the end. */
function allSections() {
  const files = readdirSync(new URL('sections/', HERE)).filter((file) => file.endsWith('.mjs'))
  const rank = (name) => (ORDER.indexOf(name) + ORDER.length + 1) % (ORDER.length + 1)
  return files.map((file) => file.slice(0, -'.mjs'.length)).sort((a, b) => rank(a) - rank(b))
}

function machine() {
  const all = cpus()
  const os = `${process.platform} ${process.arch}`
  return { cpu: all[0]?.model.trim() ?? 'unknown', cores: all.length, node: process.version, os }
}

/** What one section saw before must not slow down what the next one measures, hence the process. */
async function run(name, options) {
  const child = fork(new URL('run-section.mjs', HERE), [name, JSON.stringify(options)], { execArgv: ['--expose-gc'] })
  const section = { name, title: name, figures: [] }
  child.on('message', ({ title, figure }) => {
    if (title) section.title = title
    if (figure) section.figures.push(figure)
  })
  const [code] = await once(child, 'exit')
  if (code !== 0) section.failed = true
  return section
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'string' },
    quick: { type: 'boolean', default: false },
    runs: { type: 'string' },
  },
})
const known = allSections()
const unknown = positionals.filter((name) => !known.includes(name))
const runs = Number(values.runs ?? (values.quick ? 3 : DEFAULT_RUNS))
if (unknown.length > 0 || !Number.isInteger(runs) || runs < 1) {
  console.error(`usage: npm run bench -- [${known.join('|')}]… [--json FILE] [--quick] [--runs N]`)
  process.exit(2)
}

const results = { date: new Date().toISOString(), machine: machine(), runs, sections: [] }
console.log(`${results.machine.cpu}, ${results.machine.cores} cores, Node ${results.machine.node}; ${results.date}`)
console.log(`Medians of ${runs} interleaved runs; less is better; in brackets how many times ours.`)
for (const name of positionals.length > 0 ? positionals : known) {
  const section = await run(name, { runs, quick: values.quick })
  results.sections.push(section)
  console.log(`\n${table(section)}`)
  if (values.json) writeFileSync(values.json, `${JSON.stringify(results, undefined, 2)}\n`)
}
if (results.sections.some(({ failed }) => failed)) process.exitCode = 1
