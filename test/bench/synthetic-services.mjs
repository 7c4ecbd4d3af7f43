// Owns services that no host has: each a datagram with five records, PTR, SRV, TXT, A and AAAA, on a host of its own.
// Does not own who hears them.
import { encode, nameFromLabels } from './internals.mjs'

export const TYPE = '_bench._tcp'
const TYPE_NAME = nameFromLabels([...TYPE.split('.'), 'local'])
/** Seconds; the PTR record of RFC 6762 §10, and longer than any measurement for all. */
const TTL = 4500

const key = (text) => [Buffer.byteLength(text), ...Buffer.from(text)]

/** The records of one, `number` up to 65,535. */
export function syntheticRecords(number) {
  const instance = nameFromLabels([`Service number ${number}`, ...TYPE.split('.'), 'local'])
  const target = nameFromLabels([`machine-${number}`, 'local'])
  const unique = { class: 1, flush: true, ttl: TTL }
  const data = new Uint8Array([...key(`id=${number}`), ...key('path=/status'), ...key('version=1.4.2')])
  const address = `198.19.${number >> 8}.${number & 0xff}`
  return [
    { name: TYPE_NAME, type: 'PTR', class: 1, flush: false, ttl: TTL, target: instance },
    { ...unique, name: instance, type: 'SRV', priority: 0, weight: 0, port: 1024 + (number % 60_000), target },
    { ...unique, name: instance, type: 'TXT', data },
    { ...unique, name: target, type: 'A', address },
    { ...unique, name: target, type: 'AAAA', address: `2001:db8::${(number + 1).toString(16)}` },
  ]
}

export function syntheticService(number) {
  return Buffer.from(encode({ response: true, authoritative: true, answers: syntheticRecords(number) }))
}
