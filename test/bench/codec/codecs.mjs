// Owns every codec behind the same few functions: `read` bytes, count `records`, and `write` what was `prepared`.
// Does not own what they are measured with.
import dnsPacket from 'dns-packet'
import { peerModule } from '../figure.mjs'
import { decode, encode } from '../internals.mjs'

const plain = {
  read: (bytes) => dnsPacket.decode(bytes),
  records: ({ answers, authorities, additionals }) => answers.length + authorities.length + additionals.length,
  prepared: (message) => message,
  write: (message) => dnsPacket.encode(message),
}

/** A packet of ciao remembers how long it is, so that each is made anew from its records, as a program makes it. */
async function ciao() {
  const module = await peerModule('@homebridge/ciao/lib/coder/DNSPacket.js')
  if (module === undefined) return undefined
  const { DNSPacket } = module.default
  const from = { address: '198.18.0.9', family: 'IPv4', port: 5353 }
  return {
    read: (bytes) => DNSPacket.decode(from, bytes),
    records: ({ answers, authorities, additionals }) => answers.size + authorities.size + additionals.size,
    prepared: ({ type, questions, answers, authorities, additionals }) => ({
      type,
      questions: [...questions.values()],
      answers: [...answers.values()],
      authorities: [...authorities.values()],
      additionals: [...additionals.values()],
    }),
    write: (definition) => new DNSPacket(definition).encode(),
  }
}

async function dnssd() {
  const module = await peerModule('dnssd/lib/Packet.js')
  if (module === undefined) return undefined
  const Packet = module.default
  return {
    read: (bytes) => new Packet(bytes),
    records: plain.records,
    prepared: (packet) => packet,
    write: (packet) => packet.toBuffer(),
  }
}

async function matter() {
  const module = await peerModule('@matter/general')
  if (module === undefined) return undefined
  const { DnsCodec } = module
  return {
    read: (bytes) => DnsCodec.decode(bytes),
    records: ({ answers, authorities, additionalRecords }) =>
      answers.length + authorities.length + additionalRecords.length,
    prepared: (message) => message,
    write: (message) => DnsCodec.encode(message),
  }
}

export const ours = {
  read: decode,
  records: plain.records,
  prepared: (message) => message,
  write: encode,
}

/** Those in this process; undefined for one that is not installed. */
export async function peerCodecs() {
  return { 'dns-packet': plain, ciao: await ciao(), dnssd: await dnssd(), 'matter.js': await matter() }
}
