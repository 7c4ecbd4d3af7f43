// Measures how the package does on a LAN of many nodes, which is simulated.
// Run: npm run bench:scale -- [size…] [--seed N] [--ipv6] [--json FILE] [--svg FILE] [--markdown FILE]
// A size is a number of nodes, or `nodes/watchers` where only some of them watch.
import { fork } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { curves, machine, markdownReport, replaceFigures, terminalReport } from './report.mjs'
import { DEFAULT_SIZES, labelOf, parseSize, steadySeconds } from './size.mjs'

const TRIAL = fileURLToPath(new URL('trial.mjs', import.meta.url))
/** Megabytes of heap that a measurement may take. */
const HEAP = Math.round((0.85 * totalmem()) / 2 ** 20)
/** A large nursery: a thousand nodes in one heap would else have the collector copy again what each of them keeps. */
const HEAP_OPTIONS = ['--expose-gc', `--max-old-space-size=${HEAP}`, '--max-semi-space-size=128']

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    ipv6: { type: 'boolean', default: false },
    json: { type: 'string' },
    svg: { type: 'string' },
    markdown: { type: 'string' },
  },
})

/** In a process of its own; undefined if that ended without figures, which is for want of memory as a rule. */
function trial(size) {
  const child = fork(TRIAL, [JSON.stringify(size)], {
    execArgv: HEAP_OPTIONS,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  return new Promise((resolve) => {
    child.on('message', ({ line, figures }) => {
      if (figures) resolve(figures)
      else console.error(`${labelOf(size)}: ${line}`)
    })
    child.on('exit', () => resolve(undefined))
  })
}

const sizes = (positionals.length > 0 ? positionals : DEFAULT_SIZES).map((text) => {
  const size = parseSize(text)
  if (size === undefined) throw new RangeError(`'${text}' is no size; give nodes, or nodes/watchers`)
  return size
})
const date = new Date()
const all = []
for (const size of sizes) {
  const options = { seed: Number(values.seed), families: values.ipv6 ? [4, 6] : [4], seconds: steadySeconds(size) }
  const figures = await trial({ ...size, ...options })
  if (figures) all.push(figures)
  else {
    console.error(`${labelOf(size)}: no figures; it takes more than ${HEAP} MB`)
    process.exitCode = 1
  }
}
if (all.length > 0) {
  console.log(terminalReport(all))
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ date, machine: machine(), sizes: all }, null, 2)}\n`)
  if (values.svg) writeFileSync(values.svg, curves(all))
  if (values.markdown) {
    const text = readFileSync(values.markdown, 'utf8')
    writeFileSync(values.markdown, replaceFigures(text, markdownReport(all, date)))
  }
}
