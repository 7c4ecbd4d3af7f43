// The arithmetic of the bench and how it is shown: what it measures itself would take minutes.
import { expect, test } from 'vitest'

/** The bench is plain JavaScript, which has no types to import. */
const ofBench = (file: string) => import(new URL(`./bench/${file}`, import.meta.url).href)
const { compare, median } = await ofBench('figure.mjs')
const { holds, ratio, shown, table } = await ofBench('report.mjs')

const figure = { title: 'decode', unit: 'µs', ours: 2, peers: { fast: 1, slow: 5, absent: 'not installed' }, limit: 2 }

test('a ratio says how many times ours a peer takes', () => {
  expect(ratio(figure, 'slow')).toBe(2.5)
  expect(ratio(figure, 'fast')).toBe(0.5)
  expect(ratio(figure, 'absent')).toBeUndefined()
  expect(ratio({ ...figure, ours: 0 }, 'slow')).toBeUndefined()
})

test('a limit holds up to its value, and is not claimed where there is none', () => {
  expect(holds(figure)).toBe(true)
  expect(holds({ ...figure, ours: 2.01 })).toBe(false)
  expect(holds({ ...figure, limit: undefined })).toBeUndefined()
})

test('three digits are shown that matter', () => {
  expect([0, 0.1234, 1.234, 12.34, 123.4, 12_345].map(shown)).toEqual(['0', '0.123', '1.23', '12.3', '123', '12,345'])
})

test('a table has every peer, the ratio, the limit, and why a figure is missing', () => {
  const text: string = table({
    title: 'Codec',
    figures: [figure, { ...figure, title: 'encode', limit: 1, note: 'so' }],
  })
  const rows = text.split('\n').filter((line) => line.startsWith('|'))
  const cells = rows.map((row) => row.split('|').map((cell) => cell.trim()))
  expect(new Set(rows.map(({ length }) => length)).size).toBe(1)
  expect(cells[0]).toEqual(['', '', 'mdns-registry', 'limit', 'fast', 'slow', 'absent', ''])
  expect(cells[2]).toEqual(['', 'decode', '**2** µs', '2 holds', '1 (0.500×)', '5 (2.50×)', '–', ''])
  expect(cells[3]?.[3]).toBe('1 **exceeded**')
  expect(text).toContain('- encode: so')
  expect(text).toContain('- absent: not installed')
})

test('every contestant is measured once a run, and the median counts', async () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 2, 3])).toBe(2.5)
  const order: string[] = []
  const contestant = (name: string, values: number[]) => () => {
    order.push(name)
    return Promise.resolve(values.shift())
  }
  const failing = () => Promise.reject(new Error('no such record'))
  const ours = contestant('ours', [9, 1, 2])
  const result = await compare({ ours, peer: contestant('peer', [4, 8, 6]), failing, absent: 'no' }, 3)
  expect(result).toEqual({ ours: 2, peers: { peer: 6, failing: 'fails: no such record', absent: 'no' } })
  expect(order).toEqual(['ours', 'peer', 'peer', 'ours', 'ours', 'peer'])
  await expect(compare({ ours: failing }, 1)).rejects.toThrow('no such record')
})
