// Owns messages written down as hexadecimal digits, with spaces where they help the reader.
// Does not own what they mean.

export function bytesOf(digits: string): Uint8Array {
  return new Uint8Array(Buffer.from(digits.replace(/\s/g, ''), 'hex'))
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
