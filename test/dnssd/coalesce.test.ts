import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { coalesceBrowse } from '../../src/dnssd/coalesce.ts'
import { NOTHING, Stream } from '../../src/dnssd/stream.ts'
import type { BrowseEvent, Service } from '../../src/dnssd/types.ts'
import { nameFromLabels } from '../../src/wire/name.ts'

function service(name: string, port: number): Service {
  const fullName = nameFromLabels([name, '_http', '_tcp', 'local'])
  return { name, type: '_http._tcp', domain: 'local', fullName, port, addresses: [], txt: new Map() }
}

const up = (name: string, port: number): BrowseEvent => ({ event: 'up', service: service(name, port) })
const down = (name: string, port: number): BrowseEvent => {
  return { event: 'down', service: service(name, port), reason: 'goodbye' }
}
const update = (name: string, from: number, to: number): BrowseEvent => {
  return { event: 'update', service: service(name, to), previous: service(name, from) }
}

describe('coalesceBrowse', () => {
  test('updates are taken in by what was not read yet', () => {
    expect(coalesceBrowse(up('a', 1), update('a', 1, 2))).toEqual(up('a', 2))
    expect(coalesceBrowse(update('a', 1, 2), update('a', 2, 3))).toEqual(update('a', 1, 3))
  })

  test('a down is dropped only together with an up that nobody read', () => {
    expect(coalesceBrowse(up('a', 1), down('a', 1))).toBe(NOTHING)
    expect(coalesceBrowse(update('a', 1, 2), down('a', 2))).toEqual(down('a', 2))
    expect(coalesceBrowse(down('a', 1), up('a', 1))).toBeUndefined()
  })

  test('other instances have nothing to do with it', () => {
    expect(coalesceBrowse(up('a', 1), update('b', 1, 2))).toBeUndefined()
  })

  test('however slowly it is read, a reader ends up with what is true, and sees no event out of place', async () => {
    const steps = fc.array(
      fc.record({ name: fc.constantFrom('a', 'b', 'c'), change: fc.boolean(), read: fc.boolean() }),
      {
        maxLength: 60,
      },
    )
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 1, max: 6 }), async (script, cap) => {
        const stream = new Stream<BrowseEvent>({ coalesce: coalesceBrowse, cap })
        const truth = new Map<string, number>()
        const seen = new Map<string, number>()
        let version = 0
        for (const { name, change, read } of script) {
          stream.push(next(truth, name, change, ++version))
          if (read && stream.size > 0) follow(seen, (await stream.next()).value)
          expect(stream.size).toBeLessThanOrEqual(cap + 6)
        }
        stream.end()
        for await (const event of stream) follow(seen, event)
        expect([...seen].sort()).toEqual([...truth].sort())
      }),
    )
  })
})

function next(truth: Map<string, number>, name: string, change: boolean, version: number): BrowseEvent {
  const port = truth.get(name)
  if (port !== undefined && !change) {
    truth.delete(name)
    return down(name, port)
  }
  truth.set(name, version)
  return port === undefined ? up(name, version) : update(name, port, version)
}

function follow(seen: Map<string, number>, event: BrowseEvent | undefined): void {
  if (event === undefined) return
  const { name, port = 0 } = event.service
  expect(seen.has(name)).toBe(event.event !== 'up')
  if (event.event === 'update') expect(event.previous.port).toBe(seen.get(name))
  if (event.event === 'down') seen.delete(name)
  else seen.set(name, port)
}
