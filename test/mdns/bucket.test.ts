import { expect, test } from 'vitest'
import { Bucket } from '../../src/mdns/bucket.ts'

function taken(bucket: Bucket, now: number): number {
  let count = 0
  while (bucket.take(now)) count++
  return count
}

test('a bucket gives its burst at once, then so many per second, and never saves more than the burst', () => {
  const bucket = new Bucket(10, 30)
  expect(taken(bucket, 5000)).toBe(30)
  expect(taken(bucket, 5000)).toBe(0)
  expect(taken(bucket, 5099)).toBe(0)
  expect(taken(bucket, 5100)).toBe(1)
  expect(taken(bucket, 6100)).toBe(10)
  expect(taken(bucket, 1e9)).toBe(30)
})

test('time that goes backwards gives nothing', () => {
  const bucket = new Bucket(10, 1)
  expect(taken(bucket, 1000)).toBe(1)
  expect(taken(bucket, 0)).toBe(0)
  expect(taken(bucket, 1050)).toBe(0)
  expect(taken(bucket, 1100)).toBe(1)
})
