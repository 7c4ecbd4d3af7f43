// Owns the beginning and the end of a run: an empty matrix at first, and the whole one, printed, at last.
// Does not own what is in it (matrix.ts).
import { rmSync, writeFileSync } from 'node:fs'
import type { TestProject } from 'vitest/node'
import { cellsIn, MATRIX_FILE, tableOf } from './matrix.ts'

export function setup({ config }: TestProject): () => void {
  const path = String(config.env[MATRIX_FILE])
  writeFileSync(path, '')
  return () => {
    const cells = cellsIn(path)
    if (cells.length > 0) console.log(`\n${tableOf(cells)}\n`)
    rmSync(path)
  }
}
