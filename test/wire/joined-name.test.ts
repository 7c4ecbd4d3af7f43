import fc from 'fast-check'
import { expect, test } from 'vitest'
import { WireError } from '../../src/wire/errors.ts'
import { joinedName, splitName } from '../../src/wire/joined-name.ts'
import { nameFromLabels, ROOT } from '../../src/wire/name.ts'

test.each([
  ['printer.local', ['printer', 'local']],
  ['_http._tcp.local', ['_http', '_tcp', 'local']],
  ['Map v1.2._http._tcp.local', ['Map v1.2', '_http', '_tcp', 'local']],
  ['Große. Karte..._HTTP._TCP.local', ['Große. Karte..', '_HTTP', '_TCP', 'local']],
  ['.hidden._http._udp.local', ['.hidden', '_http', '_udp', 'local']],
  ['_printer._sub._http._tcp.local', ['_printer', '_sub', '_http', '_tcp', 'local']],
  ['go.micro.greeter._sub._mdns-registry._tcp.local', ['go.micro.greeter', '_sub', '_mdns-registry', '_tcp', 'local']],
  ['_services._dns-sd._udp.local', ['_services', '_dns-sd', '_udp', 'local']],
  ['about _http._tcp._ipp._tcp.local', ['about _http._tcp', '_ipp', '_tcp', 'local']],
  ['1.0.18.198.in-addr.arpa', ['1', '0', '18', '198', 'in-addr', 'arpa']],
])('%s is put together again as DNS-SD made it', (joined, labels) => {
  expect(splitName(joined)).toBe(nameFromLabels(labels))
})

test('the root is a dot, both ways', () => {
  expect(splitName('.')).toBe(ROOT)
  expect(joinedName(ROOT)).toBe('.')
})

test.each(['', 'a..local', 'local.', `${'x'.repeat(64)}.local`])('%j is no name', (joined) => {
  expect(() => splitName(joined)).toThrow(WireError)
})

const label = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 })
const service = fc.constantFrom('_http', '_X-y')
const transport = fc.constantFrom('_tcp', '_UDP')

test('what was joined by dots alone comes back, for every instance and subtype', () => {
  const instance = fc.tuple(label, service, transport).map((labels) => [...labels, 'local'])
  const subtype = fc.tuple(label, fc.constant('_sub'), service, transport).map((labels) => [...labels, 'local'])
  fc.assert(
    fc.property(fc.oneof(instance, subtype), (labels) => {
      const isSubtypeLike = labels.length === 4 && /(?:^|\.)_sub$/i.test(labels[0] ?? '')
      fc.pre(!isSubtypeLike)
      expect(splitName(labels.join('.'))).toBe(nameFromLabels(labels))
    }),
  )
})
