import { describe, expect, test } from 'vitest'
import { Dnssd } from '../../src/dnssd/dnssd.ts'
import { RegistryError } from '../../src/errors.ts'
import { LIMITS } from '../../src/mdns/limits.ts'
import { decode } from '../../src/wire/decode.ts'
import { Lan, linesOf, say, txt } from './lan.ts'

const web = { name: 'Web', type: 'http', port: 80 } as const

describe('Advertisement', () => {
  test('ready resolves once it is announced', async () => {
    const lan = new Lan()
    const one = lan.station('one')
    const advertisement = one.dnssd.advertise(web)
    await lan.world.until(advertisement.ready)
    const announced = lan.messages(one).filter((message) => message.response)
    expect(announced.length).toBeGreaterThan(0)
    expect(announced[0]?.answers.map((rr) => rr.type)).toContain('SRV')
    expect(advertisement).toMatchObject({ name: 'Web', type: '_http._tcp', port: 80, fullName: 'Web._http._tcp.local' })
  })

  test('R257 renscheme, R260 renpersist: the loser of two takes the next name, and tells', async () => {
    const lan = new Lan()
    const [one, two] = [lan.station('one'), lan.station('two')]
    await lan.world.until(one.dnssd.advertise(web).ready)
    const second = two.dnssd.advertise(web)
    const renames: object[] = []
    second.on('renamed', (change) => renames.push(change))
    await lan.world.until(second.ready)
    expect(second.name).toBe('Web (2)')
    expect(second.fullName).toBe('Web (2)._http._tcp.local')
    expect(renames).toEqual([{ from: 'Web', to: 'Web (2)' }])
  })

  test('R211 pr1min: whoever advertises is told that no name was free for a minute, and then gets one', async () => {
    const lan = new Lan()
    const peer = lan.world.peer()
    const advertisement = lan.station('one').dnssd.advertise(web)
    const told: [string, number][] = []
    advertisement.on('struggling', (name) => told.push([name, lan.world.now]))
    peer.onHear = ({ bytes }) => {
      const { authorities } = decode(bytes)
      say(
        peer,
        authorities.filter(({ type }) => type === 'TXT').map(({ name }) => txt(name, Uint8Array.of(1, 0x78))),
      )
    }
    lan.world.run(120_000)
    expect(told).toEqual([[expect.stringMatching(/^Web \(\d+\)$/), expect.any(Number)]])
    expect(told[0]?.[1]).toBeGreaterThanOrEqual(60_000)
    peer.onHear = undefined
    await lan.world.until(advertisement.ready)
  })

  test('without leave to rename the loser gives up and says nothing under another name', async () => {
    const lan = new Lan()
    const [one, two] = [lan.station('one'), lan.station('two')]
    await lan.world.until(one.dnssd.advertise(web).ready)
    const second = two.dnssd.advertise({ ...web, rename: false })
    const conflicts: RegistryError[] = []
    second.on('conflict', (error) => conflicts.push(error))
    await expect(lan.world.until(second.ready)).rejects.toMatchObject({ code: 'ERR_NAME_CONFLICT' })
    expect(conflicts).toHaveLength(1)
    lan.world.run(5000)
    const said = lan.messages(two).flatMap(({ answers, authorities }) => [...answers, ...authorities])
    expect(said.filter((rr) => rr.name.includes('(2)'))).toEqual([])
    expect(() => second.update({ port: 81 })).toThrow(RegistryError)
  })

  test('two of the same program never share a name', async () => {
    const lan = new Lan()
    const { dnssd } = lan.station('one')
    const [first, second] = [dnssd.advertise(web), dnssd.advertise({ ...web, name: 'WEB' })]
    await lan.world.until(Promise.all([first.ready, second.ready]))
    expect([first.name, second.name]).toEqual(['Web', 'WEB (2)'])
    expect(() => dnssd.advertise({ ...web, rename: false })).toThrow(/this program/)
    await first.withdraw()
    expect(dnssd.advertise(web).name).toBe('Web')
  })

  test("two DNS-SD objects on one host do not publish in each other's place", async () => {
    const lan = new Lan()
    const one = lan.station('one')
    const two = lan.station('two')
    const lines = linesOf(two.dnssd.browse('http'))
    const other = new Dnssd(one.host)
    await lan.world.until(one.dnssd.advertise(web).ready)
    await lan.world.until(other.advertise({ ...web, name: 'Other' }).ready)
    lan.world.run(5000)
    expect(lines).toEqual(['up Web 80', 'up Other 80'])
  })

  test('R307 txtchg: an update in place says no goodbye, and nothing at all if nothing changed', async () => {
    const lan = new Lan()
    const one = lan.station('one')
    const advertisement = one.dnssd.advertise({ ...web, txt: { a: '1' } })
    await lan.world.until(advertisement.ready)
    lan.world.run(10_000)
    const before = lan.world.now
    await lan.world.until(advertisement.update({ txt: { a: '1' }, port: 80 }))
    lan.world.run(5000)
    expect(lan.messages(one, before)).toEqual([])
    await lan.world.until(advertisement.update({ txt: { a: '2' }, port: 81 }))
    expect(advertisement.port).toBe(81)
    const answers = lan.messages(one, before).flatMap((message) => message.answers)
    expect(answers.some((rr) => rr.type === 'SRV' && rr.port === 81 && rr.flush)).toBe(true)
    expect(answers.filter((rr) => rr.ttl === 0)).toEqual([])
    expect(() => advertisement.update({ port: 0 })).toThrow(RegistryError)
  })

  test('R262 renuser: another name is claimed like the first one, after a goodbye to the old one', async () => {
    const lan = new Lan({ latency: 1 })
    const one = lan.station('one')
    const two = lan.station('two')
    const lines = linesOf(two.dnssd.browse('http'))
    const advertisement = one.dnssd.advertise(web)
    await lan.world.until(advertisement.ready)
    lan.world.run(5000)
    const before = lan.world.now
    await lan.world.until(advertisement.update({ name: 'New - Bonjour Service Name' }))
    lan.world.run(5000)
    expect(advertisement.name).toBe('New - Bonjour Service Name')
    const messages = lan.messages(one, before)
    const gone = messages.flatMap(({ answers }) => answers).filter((rr) => rr.ttl === 0)
    expect(new Set(gone.map(({ type }) => type))).toEqual(new Set(['PTR', 'SRV', 'TXT']))
    const probes = messages.filter(({ response, authorities }) => !response && authorities.length > 0)
    // Three on each family.
    expect(probes).toHaveLength(6)
    expect(lines).toEqual(['up Web 80', 'up New - Bonjour Service Name 80', 'down Web goodbye'])
    expect(() => advertisement.update({ name: '' })).toThrow(RegistryError)
  })

  test('withdraw says goodbye; it may be called twice, and before it was ready', async () => {
    const lan = new Lan()
    const one = lan.station('one')
    const advertisement = one.dnssd.advertise(web)
    await lan.world.until(advertisement.ready)
    const before = lan.world.now
    await advertisement.withdraw()
    await advertisement.withdraw()
    lan.world.run(500)
    const goodbyes = lan.messages(one, before).flatMap((message) => message.answers)
    expect(new Set(goodbyes.filter((rr) => rr.ttl === 0).map((rr) => rr.type))).toEqual(
      new Set(['PTR', 'SRV', 'TXT', 'A', 'AAAA']),
    )
    const unready = one.dnssd.advertise(web)
    await unready.withdraw()
    await expect(unready.ready).rejects.toMatchObject({ code: 'ERR_CLOSED' })
  })

  test('1,024 at most', () => {
    const { dnssd } = new Lan().station('one')
    for (let i = 0; i < LIMITS.publications; i++) dnssd.advertise({ ...web, name: `web ${i}` })
    expect(() => dnssd.advertise({ ...web, name: 'one more' })).toThrow(
      expect.objectContaining({ code: 'ERR_TOO_MANY' }),
    )
  })
})
