// Owns the comparison of our codec with others over the same messages.
// Does not own the messages (messages.mjs).
import dnsPacket from 'dns-packet'
import { callTime, compare } from '../figure.mjs'
import { decode, encode } from '../internals.mjs'
import { messages } from '../messages.mjs'

export const title = 'Codec'

export async function* figures({ runs }) {
  for (const [name, message] of Object.entries(messages)) {
    const bytes = Buffer.from(encode(message))
    const contestants = {
      ours: () => callTime(() => decode(bytes)),
      'dns-packet': () => callTime(() => dnsPacket.decode(bytes)),
    }
    yield { title: `decode: ${name}`, unit: 'µs', ...(await compare(contestants, runs)) }
  }
}
