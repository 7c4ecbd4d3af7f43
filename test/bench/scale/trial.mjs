// Owns the process of one measurement, so that each has a heap of its own.
// Does not own the measurement (measurement.mjs).
import { measure } from './measurement.mjs'

// Whoever asked for the figures is gone, and nobody else wants them.
process.on('disconnect', () => process.exit())
const size = JSON.parse(process.argv[2] ?? '{}')
const figures = await measure({ ...size, log: (line) => process.send?.({ line }) })
process.send?.({ figures }, () => process.exit())
