// Owns the one error class that callers ever see, and the closed list of its codes.
// Does not own wire errors: a bad packet is data to be dropped, never an error to be thrown at a caller.

/** What went wrong, as a stable string that programs may switch on. */
export type RegistryErrorCode =
  | 'ERR_NOT_FOUND'
  | 'ERR_TIMEOUT'
  | 'ERR_CLOSED'
  | 'ERR_NAME_CONFLICT'
  | 'ERR_NAME_TOO_LONG'
  | 'ERR_INVALID_NAME'
  | 'ERR_INVALID_TYPE'
  | 'ERR_INVALID_PORT'
  | 'ERR_INVALID_ADDRESS'
  | 'ERR_INVALID_METADATA'
  | 'ERR_INVALID_SERVICE'
  | 'ERR_INVALID_TXT'
  | 'ERR_INVALID_TTL'
  | 'ERR_INVALID_OPTION'
  | 'ERR_INVALID_INTERVAL'
  | 'ERR_INVALID_SERVER'
  | 'ERR_INVALID_STRATEGY'
  | 'ERR_TXT_TOO_LARGE'
  | 'ERR_TOO_MANY'
  | 'ERR_UNKNOWN_BACKEND'
  | 'ERR_CHECK_FAILED'
  | 'ERR_NOT_LISTENING'
  | 'ERR_NONE_AVAILABLE'
  | 'ERR_NO_ADDRESS'
  | 'ERR_NO_INTERFACE'
  | 'ERR_PORT_IN_USE'
  | 'ERR_LINK_FAILED'

/** The caller broke a rule, or the link had no answer; `message` says what to do about it. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError'
  readonly code: RegistryErrorCode

  constructor(code: RegistryErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** For what was thrown, which may be anything. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}
