// Owns what a busy link carries about names that nobody here asked for or owns: thirty datagrams of other hosts.
// Does not own what they are measured with.
import { encode, nameFromLabels } from './internals.mjs'

const TYPES = [
  '_googlecast',
  '_airplay',
  '_raop',
  '_ipp',
  '_hap',
  '_spotify-connect',
  '_companion-link',
  '_smb',
  '_sonos',
  '_matter',
]
const PLACES = ['Living Room', 'Office 2', 'Küche', 'Workshop', 'Garage door', 'Front desk', 'Attic', 'Lab 3.1']

const inFlush = { class: 1, flush: true, ttl: 120 }
const isShared = { class: 1, flush: false, ttl: 4500 }
const typeAt = (index) => nameFromLabels([TYPES[index % TYPES.length], '_tcp', 'local'])
const hostAt = (index) => nameFromLabels([`device-${(index * 7919).toString(16)}`, 'local'])

function instanceAt(index) {
  const label = `${PLACES[index % PLACES.length]} ${String.fromCharCode(65 + index)}`
  return nameFromLabels([label, TYPES[index % TYPES.length], '_tcp', 'local'])
}

const pointer = (index, of = index) => ({ ...isShared, name: typeAt(index), type: 'PTR', target: instanceAt(of) })
const address = (index) => ({ ...inFlush, name: hostAt(index), type: 'A', address: `198.18.1.${index + 1}` })
const address6 = (index) => ({ ...inFlush, name: hostAt(index), type: 'AAAA', address: `fe80::1:${index + 1}` })

function unique(index) {
  const strings = [`id=${index * 104_729}`, 'md=Model 3', `fn=${PLACES[index % PLACES.length]}`, 've=05', 'ca=4101']
  const data = Buffer.concat(strings.flatMap((text) => [Buffer.from([Buffer.byteLength(text)]), Buffer.from(text)]))
  const srv = { priority: 0, weight: 0, port: 7000 + index, target: hostAt(index) }
  return [
    { ...inFlush, name: instanceAt(index), type: 'SRV', ...srv },
    { ...inFlush, name: instanceAt(index), type: 'TXT', data: new Uint8Array(data) },
  ]
}

const ask = (name, type, unicast = false) => ({ name, type, class: 1, unicast })

const KINDS = [
  (index) => ({ questions: [ask(typeAt(index), 'PTR'), ask(typeAt(index + 3), 'PTR')] }),
  (index) => ({
    questions: [ask(typeAt(index), 'PTR')],
    answers: [0, 10, 20, 30].map((step) => pointer(index, index + step)),
  }),
  (index) => ({
    response: true,
    answers: [pointer(index)],
    additionals: [...unique(index), address(index), address6(index)],
  }),
  (index) => ({
    questions: [ask(instanceAt(index), 'ANY', true), ask(hostAt(index), 'ANY', true)],
    authorities: [...unique(index), address(index)],
  }),
  (index) => ({ questions: [ask(instanceAt(index), 'SRV'), ask(instanceAt(index), 'TXT'), ask(hostAt(index), 'A')] }),
  (index) => ({ response: true, answers: [...unique(index), pointer(index), address(index), address6(index)] }),
]

export const chatterMessages = Array.from({ length: 30 }, (_, index) => KINDS[index % KINDS.length](index))
export const chatter = chatterMessages.map((message) => Buffer.from(encode(message)))
export const chatterMean = Math.round(chatter.reduce((sum, { length }) => sum + length, 0) / chatter.length)
