import { expect, test } from 'vitest'
import { decode } from '../../src/wire/decode.ts'
import { Lan, linesOf, say } from './lan.ts'

const web = { name: 'Web', type: 'http', port: 80 } as const

test('RFC 6762 §10.1, §10.4: a goodbye that one family lost is asked about, and believed in seconds', async () => {
  const lan = new Lan()
  const one = lan.station('one')
  const two = lan.station('two')
  const lines = linesOf(two.dnssd.browse('http'))
  const advertisement = one.dnssd.advertise(web)
  await lan.world.until(advertisement.ready)
  lan.world.run(5000)
  const isGoodbye = (bytes: Uint8Array) => decode(bytes).answers.some(({ ttl }) => ttl === 0)
  lan.world.lan.intercept(({ family, bytes }) => family === 4 || !isGoodbye(bytes))
  await advertisement.withdraw()
  lan.world.run(6000)
  expect(lines).toEqual(['up Web 80', 'down Web goodbye'])
})

test('a service that left one of two networks, and says so, stays', async () => {
  const lan = new Lan({ families: [4] })
  const other = lan.world.network('other')
  const one = lan.station('one', { networks: [lan.world.lan, other] })
  const two = lan.station('two', { networks: [lan.world.lan, other] })
  const lines = linesOf(two.dnssd.browse('http'))
  await lan.world.until(one.dnssd.advertise(web).ready)
  lan.world.run(5000)
  const pointer = lan.messages(one).flatMap(({ answers }) => answers.filter(({ type }) => type === 'PTR'))
  say(
    lan.world.peer({ network: other }),
    pointer.map((rr) => ({ ...rr, ttl: 0 })),
  )
  lan.world.run(10_000)
  expect(lines.filter((line) => line.startsWith('down'))).toEqual([])
})
