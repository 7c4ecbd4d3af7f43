import { describe, expect, test } from 'vitest'
import { Dnssd } from '../../src/dnssd/dnssd.ts'
import { encodeTxt } from '../../src/dnssd/txt.ts'
import { RegistryError } from '../../src/errors.ts'
import { Host } from '../../src/host/host.ts'
import { nameFromText } from '../../src/wire/name.ts'
import { a, Lan, nsec, ptr, say, srv, txt } from './lan.ts'

const web = { name: 'Web', type: 'http', port: 80 } as const
const HTTP = nameFromText('_http._tcp.local')
const X = nameFromText('x._http._tcp.local')
const BOX = nameFromText('box.local')

describe('types', () => {
  test('R314 submeta, R317 metaq: each type once, without its subtypes, until its last instance is gone', async () => {
    const lan = new Lan()
    const [one, two] = [lan.station('one'), lan.station('two')]
    const types = two.dnssd.types()
    const lines: string[] = []
    types.on('up', (type) => lines.push(`up ${type}`))
    types.on('down', (type, reason) => lines.push(`down ${type} ${reason}`))
    const first = one.dnssd.advertise({ ...web, subtypes: ['_printer'] })
    const second = one.dnssd.advertise({ ...web, name: 'Other' })
    one.dnssd.advertise({ ...web, type: '_ipp._tcp' })
    lan.world.run(10_000)
    expect([...types.types].sort()).toEqual(['_http._tcp', '_ipp._tcp'])
    await first.withdraw()
    lan.world.run(3000)
    expect(types.types).toContain('_http._tcp')
    await second.withdraw()
    lan.world.run(3000)
    expect(types.types).toEqual(['_ipp._tcp'])
    expect(lines.filter((line) => line.includes('http'))).toEqual(['up _http._tcp', 'down _http._tcp goodbye'])
  })

  test('R279 svcrx: types against the rules are listed, things that are no types are not', async () => {
    const lan = new Lan()
    const types = lan.station('two').dnssd.types()
    const meta = nameFromText('_services._dns-sd._udp.local')
    const targets = ['_long_service_name_x._tcp.local', '_sub._http._tcp.local', 'http._tcp.local', '_x._tcp.example']
    say(
      lan.world.peer(),
      targets.map((target) => ptr(meta, nameFromText(target))),
    )
    lan.world.run(10)
    expect(types.types).toEqual(['_long_service_name_x._tcp'])
    const before = lan.world.now
    for await (const event of types) {
      expect(event).toEqual({ event: 'up', type: '_long_service_name_x._tcp' })
      break
    }
    lan.world.run(200_000)
    expect(lan.messages({ name: 'two' }, before)).toEqual([])
  })
})

describe('resolve', () => {
  test('answers as soon as all is known, and asks no more after that', async () => {
    const lan = new Lan()
    const [one, two] = [lan.station('one'), lan.station('two')]
    await lan.world.until(one.dnssd.advertise({ ...web, name: 'A.B', txt: { a: '1' } }).ready)
    lan.world.run(5000)
    const before = lan.world.now
    const service = await lan.world.until(two.dnssd.resolve('A.B', 'http'))
    expect(service).toMatchObject({ name: 'A.B', host: 'one.local', port: 80 })
    expect(service.txt.get('a')).toEqual(new TextEncoder().encode('1'))
    expect(lan.world.now - before).toBeLessThan(400)
    const after = lan.world.now
    lan.world.run(200_000)
    expect(lan.messages(two, after)).toEqual([])
  })

  test('warm, it answers from the cache without a packet', async () => {
    const lan = new Lan()
    const two = lan.station('two')
    two.dnssd.browse('http')
    say(lan.world.peer(), [ptr(HTTP, X), srv(X, BOX, 80), txt(X, encodeTxt({})), a(BOX, '198.18.9.9')])
    lan.world.run(100)
    const before = lan.world.now
    expect(await two.dnssd.resolve('x', 'http')).toMatchObject({ port: 80 })
    expect(lan.world.now).toBe(before)
  })

  test('nobody there: ERR_NOT_FOUND after the timeout; a part missing: ERR_TIMEOUT', async () => {
    const lan = new Lan()
    const two = lan.station('two')
    const before = lan.world.now
    const nobody = two.dnssd.resolve('x', 'http', { timeout: 500 })
    await expect(lan.world.until(nobody)).rejects.toMatchObject({ code: 'ERR_NOT_FOUND' })
    expect(lan.world.now - before).toBe(500)
    const partial = two.dnssd.resolve('x', 'http')
    say(lan.world.peer(), [srv(X, BOX, 80)])
    await expect(lan.world.until(partial)).rejects.toMatchObject({ code: 'ERR_TIMEOUT' })
  })

  test('R290 srvdot: a service that says it is not available is not found, at once', async () => {
    const lan = new Lan()
    const search = lan.station('two').dnssd.resolve('x', 'http')
    say(lan.world.peer(), [srv(X, nameFromText('.'), 0)])
    await expect(lan.world.until(search)).rejects.toMatchObject({ code: 'ERR_NOT_FOUND' })
    expect(lan.world.now).toBeLessThan(100)
  })

  test('an aborted signal rejects with its reason and ends the questions', async () => {
    const lan = new Lan()
    const two = lan.station('two')
    const controller = new AbortController()
    const search = two.dnssd.resolve('x', 'http', { signal: controller.signal })
    lan.world.run(300)
    controller.abort(new Error('enough'))
    await expect(search).rejects.toThrow('enough')
    await expect(two.dnssd.resolve('x', 'http', { signal: controller.signal })).rejects.toThrow('enough')
    const before = lan.world.now
    lan.world.run(200_000)
    expect(lan.messages(two, before)).toEqual([])
  })
})

describe('lookup', () => {
  test('R64 nosuffix: one label stands for itself under .local, two do not', async () => {
    const lan = new Lan()
    const two = lan.station('two')
    const search = two.dnssd.lookup('box')
    say(lan.world.peer(), [a(BOX, '198.18.9.9')], [nsec(BOX, ['A'])])
    expect((await lan.world.until(search)).map(({ address }) => address)).toEqual(['198.18.9.9'])
    expect(lan.world.now).toBeLessThan(100)
    expect(() => two.dnssd.lookup('www.example')).toThrow(RegistryError)
    expect(lan.questions(two).filter((question) => question.includes('example'))).toEqual([])
  })

  test('with one family answered, the other has 100 ms', async () => {
    const lan = new Lan()
    const search = lan.station('two').dnssd.lookup('box.local')
    lan.world.run(50)
    say(lan.world.peer(), [a(BOX, '198.18.9.9')])
    await lan.world.until(search)
    expect(lan.world.now).toBeGreaterThanOrEqual(150)
    expect(lan.world.now).toBeLessThan(160)
  })

  test('an old address that goes does not use up the wait, and time that is up takes what is there', async () => {
    const lan = new Lan()
    const two = lan.station('two')
    const peer = lan.world.peer()
    const cancel = two.host.ask(BOX, 'A', () => {})
    say(peer, [a(BOX, '198.18.9.8', 1)])
    lan.world.run(950)
    const search = two.dnssd.lookup('box.local', { family: 6 })
    lan.world.run(300)
    const short = two.dnssd.lookup('box.local', { timeout: 50 })
    say(peer, [a(BOX, '198.18.9.9')])
    expect(await lan.world.until(short)).toHaveLength(1)
    await expect(lan.world.until(search)).rejects.toMatchObject({ code: 'ERR_NOT_FOUND' })
    cancel()
  })

  test('a family that the host denies is not waited for', async () => {
    const lan = new Lan()
    const search = lan.station('two').dnssd.lookup('box.local', { family: 6 })
    say(lan.world.peer(), [], [nsec(BOX, ['A'])])
    await expect(lan.world.until(search)).rejects.toMatchObject({ code: 'ERR_NOT_FOUND' })
    expect(lan.world.now).toBeLessThan(250)
  })

  test('both families of a real host, and only the one that is wanted', async () => {
    const lan = new Lan()
    const [one, two] = [lan.station('one'), lan.station('two')]
    await lan.world.until(one.dnssd.advertise(web).ready)
    const both = await lan.world.until(two.dnssd.lookup('one'))
    expect(new Set(both.map(({ family }) => family))).toEqual(new Set([4, 6]))
    const four = await lan.world.until(two.dnssd.lookup('one', { family: 4 }))
    expect(four.map(({ family }) => family)).toEqual([4])
  })
})

describe('close', () => {
  test('ends everything: goodbyes are sent, waits reject, later calls throw', async () => {
    const lan = new Lan()
    const { dnssd } = lan.station('one')
    await lan.world.until(dnssd.advertise(web).ready)
    const unready = dnssd.advertise({ ...web, name: 'Late' })
    const search = dnssd.resolve('x', 'http')
    const found = dnssd.lookup('box')
    await lan.world.until(dnssd.close())
    for (const promise of [unready.ready, search, found]) {
      await expect(promise).rejects.toMatchObject({ code: 'ERR_CLOSED' })
    }
    const goodbyes = lan.messages({ name: 'one' }).flatMap((message) => message.answers.filter((rr) => rr.ttl === 0))
    expect(goodbyes.map((rr) => rr.type)).toContain('SRV')
    for (const call of [
      () => dnssd.advertise(web),
      () => dnssd.browse('http'),
      () => dnssd.types(),
      () => dnssd.resolve('x', 'http'),
      () => dnssd.lookup('x'),
    ]) {
      expect(call).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }))
    }
    await dnssd.close()
  })

  test('a host that cannot be opened tells every one who waits why', async () => {
    const lan = new Lan()
    const cause = new RegistryError('ERR_NO_INTERFACE', 'none')
    const transport = { open: () => Promise.reject(cause), send: () => {}, close: () => Promise.resolve() }
    const random = () => 0.5
    const dnssd = new Dnssd(new Host({ clock: lan.world.clock, random, transport }))
    const { ready } = dnssd.advertise(web)
    const next = dnssd.browse('http')[Symbol.asyncIterator]().next()
    const search = dnssd.resolve('x', 'http')
    for (const promise of [ready, next, search]) await expect(promise).rejects.toBe(cause)
  })

  test('many at once are no reason for a warning', async () => {
    const warnings: Error[] = []
    const warn = (warning: Error) => warnings.push(warning)
    process.on('warning', warn)
    const { dnssd } = new Lan().station('one')
    const open = Array.from({ length: 50 }, () => [dnssd.browse('http'), dnssd.lookup('box')])
    await new Promise((resolve) => setImmediate(resolve))
    process.off('warning', warn)
    expect(open).toHaveLength(50)
    expect(warnings).toEqual([])
  })

  test('misuse throws before any packet', () => {
    const lan = new Lan()
    const one = lan.station('one')
    for (const call of [
      () => one.dnssd.advertise({ ...web, port: 0 }),
      () => one.dnssd.browse('_http'),
      () => one.dnssd.browse('http', { subtype: '' }),
      () => one.dnssd.resolve('', 'http'),
      () => one.dnssd.lookup('198.18.0.1'),
      () => one.dnssd.lookup('box', { timeout: Number.NaN }),
    ]) {
      expect(call).toThrow(RegistryError)
    }
    lan.world.run(5000)
    expect(lan.world.transcript).toEqual([])
  })
})
