// Owns the text of what was sent in a world, for people to read.
// Does not own the record itself (world.ts) nor the text of messages (wire/print.ts).
import { decode } from '../wire/decode.ts'
import { WireError } from '../wire/errors.ts'
import { printMessage } from '../wire/print.ts'
import type { Transmission } from './network.ts'

/** One line of who, when and whither per datagram, and the message below it; a blank line between two. */
export function printTranscript(transmissions: readonly Transmission[]): string {
  return transmissions.map(printTransmission).join('\n\n')
}

function printTransmission({ at, network, sender, from, to, bytes }: Transmission): string {
  const route = `${from.address}#${from.port} > ${to.address}#${to.port}`
  return `${at.toFixed(3)} ms ${network} ${sender} ${route} ${bytes.length} bytes\n${printBytes(bytes)}`
}

function printBytes(bytes: Uint8Array): string {
  try {
    return printMessage(decode(bytes))
  } catch (error) {
    if (error instanceof WireError) return `;; unreadable: ${error.message}`
    throw error
  }
}
