// Owns how long a cache takes for one record, by how many records it holds: in, heard again, and out.
// Does not own the records (synthetic-services.mjs).
import { createRequire } from 'node:module'
import { decode } from '../internals.mjs'
import { syntheticService } from '../synthetic-services.mjs'
import { bareCache } from './bare-cache.mjs'

/**
 * Records in all, whatever the size: small caches are so many that what the machine has to keep is the same. Else the
 * small ones would profit from the processor's own caches, and the collector would have nothing to move.
 */
const TOTAL = 100_000
const PER_SERVICE = 5
/** Milliseconds of the cache's time in which all is heard, so that it runs out as slowly. */
const SPREAD = 60_000
/** Records that have run out between two looks. */
const LOOK = 5

export const OPERATIONS = ['inserted', 'heard again', 'expired']

const SERVICES = TOTAL / PER_SERVICE
const perRecord = (began) => Number(process.hrtime.bigint() - began) / 1e3 / TOTAL

/** As they come off the wire: every service has texts of its own, none is shared with what wrote them. */
const heardRecords = () => services().flatMap((bytes) => decode(bytes).answers)

function services() {
  return Array.from({ length: SERVICES }, (_, number) => syntheticService(number))
}

/** Puts every record into the cache that it belongs to: the first `size` into the first, and so on. */
function fill(caches, records, size, put) {
  const began = process.hrtime.bigint()
  for (const [number, cache] of caches.entries()) {
    for (let index = 0; index < size; index++) put(cache, records[number * size + index], index)
  }
  return perRecord(began)
}

/** Microseconds a record, by operation, in caches of `size` records each. */
export function ourCurve(size) {
  const caches = Array.from({ length: TOTAL / size }, bareCache)
  const [first, again] = [heardRecords(), heardRecords()]
  const step = SPREAD / size
  const inserted = fill(caches, first, size, (cache, rr, index) => cache.put(rr, index * step))
  if (caches.some((cache) => cache.size !== size)) throw new Error('a cache does not hold what it heard')
  const heardAgain = fill(caches, again, size, (cache, rr, index) => cache.put(rr, SPREAD + index * step))
  const runsOut = SPREAD + again[0].ttl * 1000
  const began = process.hrtime.bigint()
  for (const cache of caches) {
    for (let now = runsOut; now <= runsOut + SPREAD + LOOK * step; now += LOOK * step) cache.due(now)
  }
  const expired = perRecord(began)
  if (caches.some((cache) => cache.size !== 0)) throw new Error('a cache still holds what has run out')
  return { inserted, 'heard again': heardAgain, expired }
}

/** What of dnssd holds the records; each has timers of its own, so that what runs out has no call to measure. */
export function dnssdCurve(size) {
  const require = createRequire(import.meta.url)
  const Collection = require('dnssd/lib/ExpiringRecordCollection.js')
  const Packet = require('dnssd/lib/Packet.js')
  const heard = () => services().flatMap((bytes) => new Packet(bytes).answers)
  const collections = Array.from({ length: TOTAL / size }, () => new Collection([], 'bench'))
  const add = (collection, record) => collection.add(record)
  const inserted = fill(collections, heard(), size, add)
  const heardAgain = fill(collections, heard(), size, add)
  for (const collection of collections) collection.clear()
  return { inserted, 'heard again': heardAgain }
}
