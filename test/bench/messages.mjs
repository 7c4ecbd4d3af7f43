// Owns the messages that the codec is measured with: what a busy link really carries.
// Does not own how they are measured; sections/codec.mjs does.
import { nameFromLabels } from './internals.mjs'

const TYPE = nameFromLabels(['_http', '_tcp', 'local'])
const META = nameFromLabels(['_services', '_dns-sd', '_udp', 'local'])
const HOST = nameFromLabels(['workshop-server', 'local'])

const instance = (label) => nameFromLabels([label, '_http', '_tcp', 'local'])
const question = (name, type, unicast = false) => ({ name, type, class: 1, unicast })
const shared = (name, type, data) => ({ name, type, class: 1, flush: false, ttl: 4500, ...data })
const unique = (name, type, data) => ({ name, type, class: 1, flush: true, ttl: 120, ...data })

function txt(...strings) {
  const parts = strings.map((string) => Buffer.from(string))
  return new Uint8Array(Buffer.concat(parts.flatMap((part) => [Buffer.from([part.length]), part])))
}

function service(label, port, target) {
  return [
    shared(TYPE, 'PTR', { target: instance(label) }),
    unique(instance(label), 'SRV', { priority: 0, weight: 0, port, target }),
    unique(instance(label), 'TXT', { data: txt('txtvers=1', 'path=/status', `id=${label.length}-${port}`) }),
  ]
}

function addresses(host, index) {
  return [
    unique(host, 'A', { address: `198.18.0.${index}` }),
    unique(host, 'AAAA', { address: `2001:db8::${index.toString(16)}` }),
  ]
}

const tenServices = Array.from({ length: 10 }, (_, index) => {
  const host = nameFromLabels([`workshop-server-${index}`, 'local'])
  return { records: service(`Status page ${index}`, 8080 + index, host), addresses: addresses(host, index + 1) }
})

/** Each as a Message for encode; decode gets the bytes that this makes. */
export const messages = {
  'one PTR question': { questions: [question(TYPE, 'PTR')] },
  'question, 20 known answers': {
    questions: [question(TYPE, 'PTR')],
    answers: Array.from({ length: 20 }, (_, index) =>
      shared(TYPE, 'PTR', { target: instance(`Status page of machine ${index}`) }),
    ),
  },
  'announcement, 6 records': {
    response: true,
    answers: [...service('Status page', 8080, HOST), shared(META, 'PTR', { target: TYPE }), ...addresses(HOST, 7)],
  },
  'ten services': {
    response: true,
    answers: tenServices.flatMap(({ records }) => records),
    additionals: tenServices.flatMap((each) => each.addresses),
  },
  probe: {
    questions: [question(instance('Status page'), 'ANY', true), question(HOST, 'ANY', true)],
    authorities: [...service('Status page', 8080, HOST).slice(1), ...addresses(HOST, 7)],
  },
}
