// What a browser asks, believes and forgets, as a peer on the wire makes it: RFC 6762 §5.2, §6, §10, §11.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nameFromText } from '../../src/wire/name.ts'
import type { Rr } from '../../src/wire/types.ts'
import { type Line, until } from '../cli/cli-process.ts'
import { a, ptr, srv, txt } from '../mdns/records.ts'
import { Bench, EARLY, FOREIGN4, HOST4, STALL } from './bench.ts'
import { instance, response, TYPE, withFlags } from './messages.ts'
import { type Packet, passed } from './observer.ts'

const SECOND = 1000
/** What it may take until a line that is printed has come here. */
const TOLD = 50
const SILENCE = 2000
/** How long the records of the refresh test live, in seconds. */
const LIFE = 10

interface Told extends Line {
  readonly time: number
}

/** A browser on a host of its own, and when it said what. */
class Browsing {
  readonly bench: Bench
  readonly #told: Told[] = []

  private constructor(bench: Bench, words: readonly string[]) {
    this.bench = bench
    const { child } = bench.start('browse', '_http._tcp', ...words)
    child.stdout?.on('data', (chunk) => {
      const time = performance.timeOrigin + performance.now()
      for (const line of String(chunk).trim().split('\n')) this.#told.push({ ...JSON.parse(line), time })
    })
  }

  /** Resolves when the first question has been heard. */
  static async start(...words: readonly string[]): Promise<Browsing> {
    const bench = await Bench.open()
    const browsing = new Browsing(bench, words)
    await bench.peer.first(asksForType, 0)
    return browsing
  }

  told(name: string, event: string): Told | undefined {
    return this.#told.find((line) => line.name === name && line.event === event)
  }

  async tells(name: string, event: string, deadline = 3000): Promise<Told> {
    const told = await until(() => this.told(name, event), deadline)
    return told ?? Promise.reject(new Error(`no ${event} of ${name}`))
  }

  /** The last update of an instance since a time. */
  updates(name: string): readonly Told[] {
    return this.#told.filter((line) => line.name === name && line.event === 'update')
  }
}

function asksForType({ message }: Packet): boolean {
  return !message.response && message.questions.some(({ name, type }) => name === TYPE && type === 'PTR')
}

let plain: Browsing
let resolving: Browsing
/** When the record was told that nobody tells again. */
let shortLived: number

beforeAll(async () => {
  ;[plain, resolving] = await Promise.all([Browsing.start(), Browsing.start('--resolve')])
})
afterAll(() => Bench.closeAll())

function pointer(name: string, ttl = 4500): Uint8Array {
  return response([ptr(instance(name), ttl)])
}

describe.concurrent('what it believes', () => {
  test.each([1, 64, 255])('R8 ttlrx: a response that came with an IP TTL of %i', async (ttl) => {
    await plain.bench.say(pointer(`TTL ${ttl}`), { ttl })
    await plain.tells(`TTL ${ttl}`, 'up')
  })

  test('R10 mconlink: a response to the group from an address that is on no subnet here', async () => {
    await plain.bench.say(pointer('From afar'), { source: FOREIGN4 })
    await plain.tells('From afar', 'up')
  })

  test.each<[string, string, (bytes: Uint8Array) => Promise<unknown>]>([
    ['R9 rsp5353: a response from another port', 'Port', (bytes) => plain.bench.say(bytes, { sport: 40_000 })],
    [
      'R12 uc2s: a response by unicast that it did not ask for',
      'Alone',
      (bytes) => plain.bench.say(bytes, { destination: HOST4 }),
    ],
    [
      'R22 opcode: a response with another opcode',
      'Opcode',
      (bytes) => plain.bench.say(withFlags(bytes, 0x8400 | (4 << 11))),
    ],
    ['R29 rcode: a response with an error', 'Error', (bytes) => plain.bench.say(withFlags(bytes, 0x8403))],
  ])('%s is not heard', async (_title, name, say) => {
    await say(pointer(name))
    await passed(Date.now() + SILENCE)
    expect(plain.told(name, 'up')).toBeUndefined()
    await plain.bench.say(pointer(name))
    await plain.tells(name, 'up')
  })
})

describe.concurrent('what it forgets', () => {
  test('R95 age: a record goes when its time is over', async () => {
    shortLived = (await plain.bench.say(pointer('Short-lived', LIFE))).time
    const down = await plain.tells('Short-lived', 'down', (LIFE + 1) * SECOND)
    expect(down.time - shortLived).toBeGreaterThanOrEqual(LIFE * SECOND - EARLY)
    expect(down.time - shortLived).toBeLessThanOrEqual(LIFE * SECOND + STALL + TOLD)
  }, 20_000)

  test('R102 gb1s: an instance that said goodbye goes a second later', async () => {
    await plain.bench.say(pointer('Leaving'))
    await plain.tells('Leaving', 'up')
    const { time } = await plain.bench.say(pointer('Leaving', 0))
    const down = await plain.tells('Leaving', 'down')
    expect(down).toMatchObject({ reason: 'goodbye' })
    expect(down.time - time).toBeGreaterThanOrEqual(SECOND - EARLY)
    expect(down.time - time).toBeLessThanOrEqual(SECOND + STALL + TOLD)
  })

  test('R102 gb1s: it stays when somebody else vouches for it within the second', async () => {
    await plain.bench.say(pointer('Rescued'))
    await plain.tells('Rescued', 'up')
    const { time } = await plain.bench.say(pointer('Rescued', 0))
    await plain.bench.say(pointer('Rescued'), { at: time + 500 })
    await passed(time + SILENCE)
    expect(plain.told('Rescued', 'down')).toBeUndefined()
  })

  function located(name: string, address: string): readonly Rr[] {
    const host = nameFromText(`${name}.local`)
    const own = instance(name)
    return [ptr(own), srv(own, { target: host }), txt(own), a(address, { name: host })]
  }

  test('R105 flush1s: a new address with the top bit ends the old one a second later', async () => {
    await resolving.bench.say(response(located('Moved', '198.18.0.41')))
    expect((await resolving.tells('Moved', 'up')).addresses).toEqual(['198.18.0.41'])
    await passed(Date.now() + SILENCE)
    const { time } = await resolving.bench.say(response([a('198.18.0.42', { name: nameFromText('Moved.local') })]))
    const last = await until(
      () => resolving.updates('Moved').find(({ addresses }) => `${addresses}` === '198.18.0.42'),
      3000,
    )
    expect(last?.time).toBeGreaterThanOrEqual(time + SECOND - EARLY)
    expect(last?.time).toBeLessThanOrEqual(time + SECOND + STALL + TOLD)
  })

  test('R105 flush1s: addresses that come within a second of each other stay both', async () => {
    await resolving.bench.say(response(located('Twofold', '198.18.0.51')))
    await resolving.tells('Twofold', 'up')
    const host = nameFromText('Twofold.local')
    const { time } = await resolving.bench.say(response([a('198.18.0.52', { name: host })]))
    await passed(time + SILENCE)
    const addresses = resolving.updates('Twofold').at(-1)?.addresses
    expect(addresses).toHaveLength(2)
    expect(addresses).toEqual(expect.arrayContaining(['198.18.0.51', '198.18.0.52']))
  })
})

describe('what it asks', () => {
  test('R96 ref80: is asked at 80, 85, 90 and 95 % of a life, or up to 2 % later', () => {
    const asked = plain.bench.peer.heard.filter((packet) => packet.family === 4 && asksForType(packet))
    const afters = asked.map((packet) => packet.time - shortLived)
    const refreshes = afters.filter((after) => after > 0.75 * LIFE * SECOND && after < LIFE * SECOND)
    const due = [0.8, 0.85, 0.9, 0.95].map((share) => share * LIFE * SECOND)
    expect(refreshes).toHaveLength(due.length)
    for (const [index, at] of due.entries()) {
      expect(refreshes[index]).toBeGreaterThanOrEqual(at - EARLY)
      expect(refreshes[index]).toBeLessThanOrEqual(at + 0.02 * LIFE * SECOND + STALL)
    }
  })

  beforeAll(async () => {
    const { bench } = resolving
    const waits = ['--timeout', '600']
    const asking = [['resolve', 'Absent', '_http._tcp'], ['lookup', 'absent.local'], ['types']].map(
      (words) => bench.start(...words, ...waits).ended,
    )
    await Promise.all(asking)
  })

  test('R4 srcq: comes from port 5353, whatever asks', () => {
    for (const { bench } of [plain, resolving]) {
      const asked = bench.peer.heard.filter(({ message }) => !message.response)
      expect(asked.length).toBeGreaterThan(4)
      for (const { sport, dport } of asked) expect({ sport, dport }).toEqual({ sport: 5353, dport: 5353 })
    }
    const types = resolving.bench.peer.heard.flatMap(({ message }) => message.questions.map(({ type }) => type))
    expect(new Set(types)).toEqual(new Set(['PTR', 'SRV', 'TXT', 'A', 'AAAA']))
  })

  test('R7 ttl255: has an IP TTL or hop limit of 255', () => {
    const heard = [...plain.bench.peer.heard, ...resolving.bench.peer.heard]
    expect(heard.filter(({ ttl }) => ttl !== 255)).toEqual([])
  })

  test('R3 dual: is asked in both families', () => {
    for (const family of [4, 6]) {
      const asked = plain.bench.peer.heard.filter((packet) => packet.family === family)
      expect(asked.filter(asksForType).length).toBeGreaterThanOrEqual(4)
    }
  })

  test('R18 idq: has the ID 0', () => {
    expect(plain.bench.peer.heard.filter(({ message }) => message.id !== 0)).toEqual([])
  })
})
