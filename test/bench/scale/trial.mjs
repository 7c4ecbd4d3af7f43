// Owns the process of one measurement, so that each has a heap of its own.
// Does not own the measurement (measurement.mjs).
import { measure } from './measurement.mjs'

const options = JSON.parse(process.argv[2] ?? '{}')
const figures = await measure({ ...options, log: (line) => console.error(`${options.nodes} nodes: ${line}`) })
process.stdout.write(`${JSON.stringify(figures)}\n`, () => process.exit())
