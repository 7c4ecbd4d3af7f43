// A host on two wires, and one that shares its port with another program: RFC 6762 §6.2, §14, §15.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../cli/cli-process.ts'
import { question } from '../mdns/records.ts'
import { Bench, GLOBAL6, HOST4, HOST6, LATE } from './bench.ts'
import { answersIn, ask, askUnicast, HOST, INSTANCE, query, recordsOf, TYPE } from './messages.ts'
import type { Packet } from './observer.ts'

const HOLDER = fileURLToPath(new URL('port-holder.mjs', import.meta.url))
const SECOND_ADDRESS = '198.18.100.2'
/** What a host may tell of itself on each wire: the second has IPv4 alone. */
const ADDRESSES = [[HOST4, SECOND_ADDRESS, HOST6, GLOBAL6], ['198.18.1.2']]
const RESOLVER = 40_000

function addressesOf(packet: Packet): readonly string[] {
  return recordsOf(packet.message).flatMap((rr) => (rr.type === 'A' || rr.type === 'AAAA' ? rr.address : []))
}

const holders: ChildProcess[] = []

afterAll(async () => {
  for (const child of holders) child.kill('SIGKILL')
  await Bench.closeAll()
})

describe('two wires', () => {
  let bench: Bench

  beforeAll(async () => {
    bench = await Bench.open(2)
    bench.ipOnHost(`addr add ${SECOND_ADDRESS}/24 dev wire0`)
    await bench.advertise()
    await bench.settled()
  })

  test.each([0, 1])('R1 grp4: a question on wire %i is answered there, and not on the other', async (wire) => {
    await bench.rested()
    const replies = await bench.repliesTo(ask(HOST, 'A'), { wire })
    expect(replies.map((reply) => reply.interface)).toEqual([`wire${wire}`])
  })

  test.each([0, 1])('R172 addrall: on wire %i, all addresses that it has there', async (wire) => {
    await bench.rested()
    const told = new Set<string>()
    for (const type of ['A', 'AAAA'] as const) {
      const replies = await bench.repliesTo(askUnicast(HOST, type), { wire }, 300)
      for (const reply of replies) for (const address of addressesOf(reply)) told.add(address)
    }
    expect([...told].sort()).toEqual([...(ADDRESSES[wire] ?? [])].sort())
  })

  test.each([
    ['by multicast', ask(INSTANCE, 'SRV'), {}],
    ['by unicast', askUnicast(TYPE, 'PTR'), {}],
    ['to a plain resolver', ask(INSTANCE, 'ANY'), { sport: RESOLVER }],
  ])('R172 addrall: asked for the service, it tells all addresses of the wire, %s', async (_title, bytes, how) => {
    for (const wire of [0, 1]) {
      await bench.rested()
      const [reply] = await bench.repliesTo(bytes, { ...how, wire }, 200)
      expect(reply && [...addressesOf(reply)].sort()).toEqual([...(ADDRESSES[wire] ?? [])].sort())
    }
  })

  test('R158 nsecmust: on the wire without IPv6, it says that it has no AAAA', { retry: 2 }, async () => {
    await bench.rested()
    const [reply] = await bench.repliesTo(ask(HOST, 'AAAA'), { wire: 1 })
    const [denial, ...more] = reply?.message.answers ?? []
    expect(more).toEqual([])
    expect(denial).toMatchObject({ type: 'NSEC', name: HOST, next: HOST, types: ['A'], flush: true })
    expect(reply?.after).toBeLessThanOrEqual(10 + LATE)
  })

  test('R166 nsecadd: nor has it any when it is asked for the service', async () => {
    await bench.rested()
    const [reply] = await bench.repliesTo(ask(INSTANCE, 'SRV'), { wire: 1 })
    expect(reply?.message.additionals).toContainEqual(
      expect.objectContaining({ type: 'NSEC', name: HOST, types: ['A'] }),
    )
  })

  test.each([0, 1])('R173 addronly: nothing on wire %i has an address of the other', (wire) => {
    const packets = bench.peer.heard.filter((packet) => packet.interface === `wire${wire}`)
    expect(packets.some(({ message }) => message.authorities.length > 0)).toBe(true)
    const told = new Set(packets.flatMap(addressesOf))
    expect([...told].sort()).toEqual([...(ADDRESSES[wire] ?? [])].sort())
  })
})

describe.concurrent('a port that another program holds', () => {
  /** Says what it hears; ends with the test. */
  async function hold(bench: Bench) {
    const [command = '', ...words] = [...bench.before, process.execPath, HOLDER]
    const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'ignore'] })
    holders.push(child)
    const lines: string[] = []
    createInterface({ input: child.stdout }).on('line', (line) => lines.push(line))
    if (!(await until(() => lines.includes('holds') || undefined, 5000))) throw new Error('the port is not held')
    const release = async () => {
      child.kill('SIGTERM')
      await once(child, 'close')
    }
    return { heard: (octets: number) => until(() => lines.includes(`${octets}`) || undefined, 2000), release }
  }

  const bytes = query([question(HOST, 'A'), question(INSTANCE, 'TXT')])

  test('R16 notfirst: held before, nothing is asked for by unicast; once it is free, all is', async () => {
    const bench = await Bench.open()
    const holder = await hold(bench)
    const advertised = await bench.advertise('-4')
    await advertised.stop()
    await holder.release()
    const since = Date.now()
    await bench.advertise('-4')
    const questions = bench.peer.heard.flatMap(({ time, message }) => {
      return message.questions.map(({ unicast }) => ({ late: time > since, unicast }))
    })
    expect(questions.length).toBeGreaterThanOrEqual(2 * 3)
    expect(questions).toEqual(questions.map(({ late }) => ({ late, unicast: late })))
  })

  test.each(['before', 'after'])('R15 reuse: held %s, both hear the group', async (when) => {
    const bench = await Bench.open()
    const before = when === 'before' ? await hold(bench) : undefined
    await bench.advertise('-4')
    const holder = before ?? (await hold(bench))
    await bench.settled()
    const replies = await bench.repliesTo(bytes)
    expect(replies.some(({ message }) => answersIn(message, HOST, 'A').length > 0)).toBe(true)
    expect(await holder.heard(bytes.length)).toBe(true)
    await holder.release()
  })
})
