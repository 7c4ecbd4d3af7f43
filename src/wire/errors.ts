// Owns the one error that this layer throws.
// Does not own what a caller is told: a bad message is dropped, and misuse becomes a RegistryError higher up.

/** Which rule of the format was broken. */
export type WireErrorCode =
  | 'header'
  | 'counts'
  | 'question'
  | 'empty-label'
  | 'label-too-long'
  | 'name-too-long'
  | 'escape'
  | 'type'
  | 'address'
  | 'section-order'
  | 'message-too-large'

/** Bytes or values that cannot be part of a DNS message. */
export class WireError extends Error {
  override readonly name = 'WireError'
  readonly code: WireErrorCode

  constructor(code: WireErrorCode, message: string) {
    super(message)
    this.code = code
  }
}
