// Owns the writing of a whole message at once.
// Does not own messages that must be spread over datagrams; encoder.ts tells when one is full.
import { Encoder } from './encoder.ts'
import { WireError } from './errors.ts'
import { MAX_MESSAGE_BYTES } from './limits.ts'
import type { Message } from './types.ts'

/**
 * The bytes of a message; what is missing is empty, false or 0. The opcode and the response code are always 0,
 * RFC 6762 §18.3, §18.11.
 * @throws WireError if it does not fit into 9,000 bytes.
 */
export function encode(message: Partial<Message>, options: { readonly legacy?: boolean } = {}): Uint8Array {
  const { id = 0, response = false, authoritative = response } = message
  const encoder = new Encoder({
    id,
    response,
    authoritative,
    limit: MAX_MESSAGE_BYTES,
    legacy: options.legacy === true,
  })
  let fits = true
  for (const question of message.questions ?? []) fits = encoder.question(question) && fits
  for (const section of ['answers', 'authorities', 'additionals'] as const) {
    for (const rr of message[section] ?? []) fits = encoder.record(section, rr) && fits
  }
  if (fits) return encoder.finish(message.truncated)
  throw new WireError('message-too-large', `the message has more than ${MAX_MESSAGE_BYTES} bytes`)
}
