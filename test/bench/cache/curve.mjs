// Owns how long a cache takes for one record, at a number of records that it holds: in, heard again, and out.
// Does not own the records (synthetic-services.mjs).
import { createRequire } from 'node:module'
import { decode } from '../internals.mjs'
import { syntheticService } from '../synthetic-services.mjs'
import { bareCache } from './bare-cache.mjs'

const PER_SERVICE = 5
/** Milliseconds of the cache's time in which all is heard, so that it runs out as slowly. */
const SPREAD = 60_000
/** Records that have run out between two looks. */
const LOOK = 5

export const OPERATIONS = ['inserted', 'heard again', 'expired']

/** As they come off the wire: every service has texts of its own, none is shared with what wrote them. */
export function heardRecords(count) {
  return Array.from({ length: count / PER_SERVICE }, (_, number) => decode(syntheticService(number)).answers).flat()
}

const perRecord = (began, count) => Number(process.hrtime.bigint() - began) / 1e3 / count

/** Microseconds a record, by operation. */
export function ourCurve(count) {
  const cache = bareCache()
  const [first, again] = [heardRecords(count), heardRecords(count)]
  const step = SPREAD / count
  globalThis.gc()
  const times = {}
  let began = process.hrtime.bigint()
  for (let index = 0; index < count; index++) cache.put(first[index], index * step)
  times.inserted = perRecord(began, count)
  if (cache.size !== count) throw new Error(`the cache holds ${cache.size} of ${count} records`)
  began = process.hrtime.bigint()
  for (let index = 0; index < count; index++) cache.put(again[index], SPREAD + index * step)
  times['heard again'] = perRecord(began, count)
  const runsOut = SPREAD + again[0].ttl * 1000
  began = process.hrtime.bigint()
  for (let now = runsOut; now <= runsOut + SPREAD + LOOK * step; now += LOOK * step) cache.due(now)
  times.expired = perRecord(began, count)
  if (cache.size !== 0) throw new Error(`the cache still holds ${cache.size} of ${count} records`)
  return times
}

/** What of dnssd holds the records; each has timers of its own, so that what runs out has no call to measure. */
export function dnssdCurve(count) {
  const require = createRequire(import.meta.url)
  const Collection = require('dnssd/lib/ExpiringRecordCollection.js')
  const Packet = require('dnssd/lib/Packet.js')
  const numbers = Array.from({ length: count / PER_SERVICE }, (_, number) => number)
  const heard = () => numbers.flatMap((number) => new Packet(syntheticService(number)).answers)
  const [first, again] = [heard(), heard()]
  const collection = new Collection([], 'bench')
  globalThis.gc()
  const times = {}
  let began = process.hrtime.bigint()
  for (const record of first) collection.add(record)
  times.inserted = perRecord(began, count)
  began = process.hrtime.bigint()
  for (const record of again) collection.add(record)
  times['heard again'] = perRecord(began, count)
  collection.clear()
  return times
}
