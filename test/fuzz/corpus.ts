// Owns the datagrams that mutations start from: ours, about names that the victim knows, and recorded ones.
// Does not own what is done to them (mutate.ts).

import { encodeTxt } from '../../src/dnssd/txt.ts'
import { encodeNode } from '../../src/registry/node-txt.ts'
import { encode } from '../../src/wire/encode.ts'
import { nameFromText } from '../../src/wire/name.ts'
import { a, cname, instance, nsec, ptr, question, srv, TYPE, txt } from '../mdns/records.ts'
import { goNode } from '../micro/micro-lan.ts'
import { loadPackets } from '../packets.ts'

const VICTIM = nameFromText('victim.local')
const META = nameFromText('_services._dns-sd._udp.local')
const REGISTRY = nameFromText('_mdns-registry._tcp.local')
const NODE = nameFromText('node-7._mdns-registry._tcp.local')
const OWN = instance('own 0')
const OTHER = instance('other')

const description = {
  service: 'greeter',
  version: '1.0.0',
  metadata: { Team: 'a' },
  endpoints: [{ name: 'Greeter.Hello', request: { name: 'Req', type: 'Req', values: [] }, response: null }],
  nodeMetadata: { protocol: 'http', 'with=sign': 'x'.repeat(300) },
}

const OURS: readonly Uint8Array[] = [
  encode({ questions: [question(TYPE, 'PTR'), question(VICTIM, 'ANY', true)], answers: [ptr(OWN), ptr(OTHER)] }),
  encode({ questions: [question(TYPE, 'PTR')], answers: [ptr(OWN)], truncated: true }),
  encode({ answers: [ptr(OTHER), ptr(OWN)] }),
  encode({ questions: [question(OWN, 'ANY', true)], authorities: [srv(OWN, { flush: false }), txt(OWN)] }),
  encode({ id: 7, questions: [question(OWN, 'SRV'), question(VICTIM, 'AAAA'), question(TYPE, 'PTR')] }),
  encode({ response: true, answers: [srv(OWN, { port: 1 }), a('198.18.0.8', { name: VICTIM })] }),
  encode({
    response: true,
    answers: [ptr(OTHER), ptr(TYPE, 4_500, META)],
    additionals: [
      srv(OTHER),
      txt(OTHER, { data: encodeTxt({ a: '1', B: true }) }),
      a('198.18.0.9'),
      nsec(OTHER, ['SRV']),
    ],
  }),
  encode({ response: true, answers: [ptr(OTHER, 0), srv(OTHER, { ttl: 0 }), ptr(OWN, 0), ptr(TYPE, 0, META)] }),
  encode({ response: true, answers: [cname(OTHER, OWN, 1), cname(OWN, OTHER, 2), cname(TYPE, TYPE, 3)] }),
  encode({ response: true, answers: [nsec(VICTIM, []), nsec(OWN, ['A', 'AAAA']), nsec(TYPE, ['PTR'])] }),
  encode({
    response: true,
    answers: [ptr(NODE, 4_500, REGISTRY), ptr(NODE, 4_500, nameFromText('greeter._sub._mdns-registry._tcp.local'))],
    additionals: [srv(NODE), txt(NODE, { data: encodeTxt(encodeNode(description)) }), a('198.18.0.9')],
  }),
]

const GO_SERVICE = nameFromText('greeter.micro')
const GO_LIST = nameFromText('_services.micro')

/** What Go programs say and ask. */
const GO: readonly Uint8Array[] = [
  encode({ id: 9, questions: [question(GO_SERVICE, 'PTR'), question(GO_LIST, 'PTR')] }),
  encode({ id: 9, questions: [question(nameFromText('greeter-9.greeter.micro'), 'ANY', true)] }),
  encode({ response: true, answers: goNode({ json: { Metadata: { a: 'b' } } }) }, { legacy: true }),
  encode({ response: true, answers: [ptr(nameFromText('x.greeter.micro'), 120, GO_SERVICE), ...goNode({ id: 'x' })] }),
  encode({ response: true, answers: goNode({ id: 'greeter-9', port: 1, ttl: 2 }) }, { legacy: true }),
  encode({ response: true, answers: goNode({ ttl: 0 }) }, { legacy: true }),
  encode({ response: true, answers: [ptr(nameFromText('a.b._services.micro'), 120, GO_LIST)] }),
]

/** Ours count several times, as they reach further. */
export function corpus(): readonly Uint8Array[] {
  const recorded = (['hostile', 'malformed', 'real'] as const).flatMap((folder) => loadPackets(folder))
  return [...Array.from({ length: 8 }, () => [...OURS, ...GO]).flat(), ...recorded.map(({ bytes }) => bytes)]
}
