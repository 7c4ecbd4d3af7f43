import { networkInterfaces } from 'node:os'
import { describe, expect, test } from 'vitest'
import { Lan, linesOf } from '../dnssd/lan.ts'
import { simulatedLink } from '../registry/mdns-link.ts'

describe('names', () => {
  test.each([
    ['_http._tcp', '_HTTP._TCP'],
    ['_HTTP._tcp', '_http._tcp.LOCAL'],
  ])('R278 svccase: what is advertised as %s is found as %s', (advertised, browsed) => {
    const lan = new Lan()
    const [one, two] = [lan.station('one'), lan.station('two')]
    const lines = linesOf(two.dnssd.browse(browsed))
    one.dnssd.advertise({ name: 'Web', type: advertised, port: 80 })
    lan.world.run(5_000)
    expect(lines).toEqual(['up Web 80'])
  })

  test('R282 instdef: a node without an id is called after its service, and tells nothing of the machine', async () => {
    const link = simulatedLink()
    const registry = link.registry()
    const service = 'a service with quite a long name that leaves little room'
    await link.until(registry.register({ name: service, nodes: [{ address: ':80' }] }))
    const [found] = await link.until(registry.getService(service))
    const id = found?.nodes[0]?.id ?? ''
    expect(id).toMatch(/^a service with .*-[0-9a-f]{8}$/)
    expect(new TextEncoder().encode(id).length).toBeLessThanOrEqual(63)
    const macs = Object.values(networkInterfaces()).flatMap((each) => each?.map(({ mac }) => mac.replaceAll(':', '')))
    for (const mac of macs) if (mac !== '000000000000') expect(id).not.toContain(mac?.slice(-8))
    await link.until(registry.close())
  })
})
