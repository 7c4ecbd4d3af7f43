import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { nameFromText } from '../../src/wire/name.ts'
import { codeThrown } from '../dnssd/code-thrown.ts'
import { Lan, ptr, say, srv } from '../dnssd/lan.ts'
import { instance, TYPE } from '../mdns/records.ts'

const SRC = fileURLToPath(new URL('../../src', import.meta.url))

describe('where a question goes', () => {
  test('R62 localmc: names of the link are asked for at the group, port 5353, however they are written', () => {
    const lan = new Lan()
    const one = lan.station('one')
    for (const host of ['foo', 'foo.local', 'FOO.LOCAL.']) void one.dnssd.lookup(host).catch(() => {})
    const reverse = ['9.8.254.169.in-addr.arpa', ...['8', '9', 'a', 'b'].map((digit) => `1.0.${digit}.e.f.ip6.arpa`)]
    for (const name of reverse) one.host.ask(nameFromText(name), 'PTR', () => {})
    lan.world.run(500)
    const asked = lan.questions(one).map((each) => each.toLowerCase())
    for (const name of ['a foo.local', ...reverse.map((each) => `ptr ${each}`)]) expect(asked).toContain(name)
    const groups = ['224.0.0.251 5353', 'ff02::fb 5353']
    const reached = lan.world.transcript.map(({ to }) => `${to.address} ${to.port}`)
    expect([...new Set(reached)].sort()).toEqual(groups)
  })

  test('R63 nonlocal: other names are refused at once, and nothing is sent', () => {
    const lan = new Lan()
    const { dnssd } = lan.station('one')
    expect(codeThrown(() => dnssd.lookup('example.com'))).toBe('ERR_INVALID_NAME')
    expect(codeThrown(() => dnssd.lookup('printer.local.example.com'))).toBe('ERR_INVALID_NAME')
    expect(codeThrown(() => dnssd.browse('_http._tcp.example.com'))).toBe('ERR_INVALID_TYPE')
    expect(codeThrown(() => dnssd.resolve('x', '_http._tcp.example.com'))).toBe('ERR_INVALID_TYPE')
    lan.world.run(60_000)
    expect(lan.world.transcript).toEqual([])
  })

  test('R63 nonlocal: a service on a host of unicast DNS is found, and the host is not asked for here', () => {
    const lan = new Lan()
    const one = lan.station('one')
    const browser = one.dnssd.browse('http')
    lan.world.run(10)
    say(lan.world.peer(), [ptr(TYPE, instance('x')), srv(instance('x'), nameFromText('www.example.com'), 80)])
    lan.world.run(60_000)
    expect(browser.services.map(({ host }) => host)).toEqual(['www.example.com'])
    expect(lan.questions(one).filter((each) => each.includes('example'))).toEqual([])
  })

  test('R273 resolver: nothing of ours can ask a DNS server, as nothing imports a resolver', () => {
    const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'))
    const texts = files.map((path) => readFileSync(join(SRC, path), 'utf8'))
    expect(texts.filter((text) => text.includes("'node:dgram'")).length).toBeGreaterThan(0)
    expect(texts.filter((text) => /['"](node:)?dns(\/promises)?['"]/.test(text))).toEqual([])
  })
})
