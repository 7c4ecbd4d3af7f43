// A hundred processes on one host: each registers a service, and each finds all others.
import { afterAll, expect, test } from 'vitest'
import { Site } from './site.ts'

const PROCESSES = 100
/** More would only wait for each other: a start is some 0.15 s of work for a processor. */
const STARTING_AT_ONCE = 16
/** Goal 55. */
const WITHIN = 10_000
const PATIENCE = 120_000

const site = new Site()
afterAll(() => site.close())

test('goal 55: 100 processes know each other 10 s after the last has started, and no datagram is dropped', async () => {
  const host = site.host('crowd')
  const crowd = host.start('crowd.mjs', `${PROCESSES}`, `${STARTING_AT_ONCE}`, `${PATIENCE}`)
  const over = await crowd.line({ event: 'over' }, PATIENCE + 10_000)
  console.info(
    `starts ${over.starts} ms, all known ${over.all} ms later, ${over.cpu} ms of CPU each, ${over.sent} datagrams`,
  )
  expect(over).toMatchObject({ incomplete: [], surprises: [], failed: 0, drops: 0 })
  expect(over.all).toBeLessThanOrEqual(WITHIN)
  expect((await crowd.ended).stderr).toBe('')
}, 150_000)
