// No watch is left that nobody needs, and never more than there may be.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { MAX_WATCHED } from '../../src/selector/selector.ts'
import { code, SelectorRig, withNodes } from './selector-rig.ts'

let rig: SelectorRig

beforeEach(async () => {
  rig = new SelectorRig('memory')
  await rig.register(withNodes('1.0.0', 'a'))
})
afterEach(() => rig.close())

test('a thousand selections of a service share one watch, which ends when they are not used for a while', async () => {
  for (let i = 0; i < 1_000; i++) await rig.selector.select('foo')
  expect(rig.watches).toBe(1)
  await rig.run(59_000)
  const selection = await rig.selector.select('foo')
  await rig.run(59_000)
  expect(rig.watches).toBe(1)
  selection.next()
  await rig.run(59_900)
  expect(rig.watches).toBe(1)
  await rig.run(200)
  expect(rig.watches).toBe(0)
})

test('selections at the same time ask once and share', async () => {
  const selections = await rig.until(Promise.all(Array.from({ length: 10 }, () => rig.selector.select('foo'))))
  expect(rig.watches).toBe(1)
  expect(selections.map((selection) => selection.next().id)).toEqual(Array(10).fill('a'))
})

test('beyond the cap the service that was unused for longest is watched no more, and still selected from', async () => {
  const names = Array.from({ length: MAX_WATCHED + 1 }, (_, index) => `service-${index}`)
  const selections = []
  for (const name of names) {
    await rig.register({ ...withNodes('1', 'a'), name, nodes: [{ id: name, address: ':80' }] })
    selections.push(await rig.until(rig.selector.select(name)))
    await rig.run(1)
  }
  expect([rig.watches, rig.selector.watched]).toEqual([MAX_WATCHED, names.slice(1)])
  expect(selections[0]?.next().id).toBe('service-0')
  await rig.run(1)
  expect(rig.watches).toBe(MAX_WATCHED)
  expect(rig.selector.watched).not.toContain('service-1')
})

test('names that nobody has leave no watch, however many are asked for', async () => {
  const names = Array.from({ length: 3 * MAX_WATCHED }, (_, index) => `nobody-${index}`)
  const selected = Promise.allSettled(names.map((name) => rig.selector.select(name, { timeout: 100 })))
  await rig.run(1)
  expect(rig.watches).toBeLessThanOrEqual(MAX_WATCHED)
  for (const outcome of await rig.until(selected)) {
    expect(outcome).toMatchObject({ status: 'rejected', reason: code('ERR_NOT_FOUND') })
  }
  expect([rig.watches, rig.selector.watched]).toEqual([0, []])
})

test('a signal ends the wait with its reason, and the watch with it', async () => {
  const end = new AbortController()
  const selected = rig.selector.select('nobody', { signal: end.signal })
  await rig.run(1)
  end.abort(new Error('enough'))
  await expect(rig.until(selected)).rejects.toThrow('enough')
  await rig.run(1)
  expect(rig.watches).toBe(0)
})
