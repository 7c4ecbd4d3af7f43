import { describe, expect, test } from 'vitest'
import { decode } from '../../src/wire/decode.ts'
import { sameName } from '../../src/wire/name.ts'
import { Lan, say } from '../dnssd/lan.ts'
import { a, instance, ptr, srv, txt } from '../mdns/records.ts'

const X = instance('x')
const RECORDS = [ptr(X), srv(X), txt(X, { data: new Uint8Array([3, 0x61, 0x3d, 0x31]) }), a('198.18.0.9')]

function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length < 2) return [items]
  return items.flatMap((item, i) => permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]))
}

const whole = { name: 'x', host: 'printer.local', port: 8080, addresses: [{ address: '198.18.0.9', family: 4 }] }

describe('what did not come along', () => {
  test('R179 noadd: a peer that answers every question with exactly what was asked is found', async () => {
    const lan = new Lan({ families: [4] })
    const { dnssd } = lan.station('one')
    const peer = lan.world.peer()
    peer.onHear = ({ bytes }) => {
      for (const { name, type } of decode(bytes).questions) {
        for (const rr of RECORDS) if (rr.type === type && sameName(rr.name, name)) say(peer, [rr])
      }
    }
    const browser = dnssd.browse('http')
    lan.world.run(5_000)
    expect(browser.services).toMatchObject([whole])
    expect(await lan.world.until(dnssd.resolve('x', 'http'))).toMatchObject(whole)
    const addresses = await lan.world.until(dnssd.lookup('printer'))
    expect(addresses).toMatchObject(whole.addresses)
  })

  test('R180 partadd: in whatever order the records come, a second apart, the service is found', () => {
    for (const order of permutations(RECORDS)) {
      const lan = new Lan({ families: [4] })
      const browser = lan.station('one').dnssd.browse('http')
      const peer = lan.world.peer()
      lan.world.run(500)
      // What comes before it is asked for is not said again.
      for (const rr of order) {
        say(peer, [], [rr])
        lan.world.run(1_000)
      }
      expect(browser.services, order.map(({ type }) => type).join()).toMatchObject([whole])
    }
  })
})
