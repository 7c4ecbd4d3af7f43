// The matrix itself: it must not be able to look better than what came of the experiments.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Cell, cell, cellsIn, MATRIX_FILE, proven, tableOf } from './matrix.ts'

let directory = ''
let path = ''

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'matrix-'))
  path = join(directory, 'cells')
  vi.stubEnv(MATRIX_FILE, path)
})

afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(directory, { recursive: true })
})

test('an experiment that fails is our fault, and rejects as it did', async () => {
  const fails = () => Promise.reject(new Error('one\ntwo'))
  await expect(proven('peer 1', 'update', fails)).rejects.toThrow('one\ntwo')
  expect(cellsIn(path)).toEqual([{ peer: 'peer 1', column: 'update', outcome: 'ours', remark: 'Error: one' }])
})

test('our fault is noted before it fails the run', () => {
  expect(() => cell('peer 1', 'browse', 'ours', 'why')).toThrow('peer 1, browse: why')
  expect(cellsIn(path)).toEqual([{ peer: 'peer 1', column: 'browse', outcome: 'ours', remark: 'why' }])
})

test('the worst that was told of a cell is shown, and what nobody told of is seen', async () => {
  await proven('b', 'goodbye', () => {})
  cell('b', 'goodbye', 'theirs', 'it says none')
  cell('b', 'conflict', 'ok')
  cell('b', 'conflict', 'not offered')
  cell('a', 'publish', 'not offered', 'no publisher')
  expect(tableOf(cellsIn(path)).split('\n')).toEqual([
    'peer  publish      browse  resolve  update  goodbye  conflict',
    'a     not offered  ?       ?        ?       ?        ?',
    'b     ?            ?       ?        ?       theirs   ok',
    '',
    'a, publish (not offered): no publisher',
    'b, goodbye (theirs): it says none',
  ])
})

test('no order in which the cells come makes a fault vanish', () => {
  const told: readonly Cell[] = [
    { peer: 'a', column: 'update', outcome: 'ours' },
    { peer: 'a', column: 'update', outcome: 'ok' },
  ]
  for (const cells of [told, told.toReversed()]) expect(tableOf(cells)).toContain('ours')
})
