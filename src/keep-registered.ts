// Owns `keepRegistered` as programs call it: with this machine's time, chance and environment.
// Does not own what it does (lifecycle/kept-registration.ts).
import { RegistryError } from './errors.ts'
import type { Clock } from './host/ports.ts'
import type { RetryOptions } from './lifecycle/backoff.ts'
import type { Check } from './lifecycle/check.ts'
import { type KeptParts, KeptRegistration, type ServiceSource } from './lifecycle/kept-registration.ts'
import { parseRhythm, type RhythmOptions } from './lifecycle/rhythm.ts'
import { systemClock } from './net/clock.ts'
import { keepAlive } from './net/keep-alive.ts'
import type { Registry } from './registry/types.ts'

export interface KeepOptions extends RhythmOptions {
  /** Run before every registration and renewal; while it fails the service is not registered. */
  readonly check?: Check
  /** Milliseconds after which a check counts as failed. Default 5,000, but no more than the interval. */
  readonly checkTimeout?: number
  /** When a registration that failed is tried again. Default: after 100 ms, then twice as long each time. */
  readonly retry?: RetryOptions
  /** Stops it, as `stop` does. */
  readonly signal?: AbortSignal
  /** Whether it keeps the process alive until it is stopped. Default: as the registry does. */
  readonly ref?: boolean
  /** Default: real time. */
  readonly clock?: Clock
  /** From 0 to 1; default `Math.random`. */
  readonly random?: () => number
}

const CHECK_TIMEOUT = 5_000

/**
 * Registers `service` and keeps it registered: renewed on every interval, tried again when that fails, out while the
 * check fails, and deregistered by `stop`, by the signal, or with the registry. Throws ERR_INVALID_INTERVAL and
 * ERR_INVALID_TTL; anything later is told by events and never thrown.
 */
export function keepRegistered(
  registry: Registry,
  service: ServiceSource,
  options: KeepOptions = {},
): KeptRegistration {
  return new KeptRegistration(registry, service, keptParts(registry, options))
}

/** The options with their defaults. */
export function keptParts(registry: Registry, options: KeepOptions): KeptParts {
  const { ref = registry.options.ref !== false, clock = systemClock, random = Math.random } = options
  const rhythm = parseRhythm(options, process.env)
  return {
    clock,
    random,
    rhythm,
    retry: options.retry ?? {},
    check: options.check,
    checkTimeout: Math.min(parseTimeout(options.checkTimeout ?? CHECK_TIMEOUT), rhythm.interval),
    signal: options.signal,
    hold: ref ? keepAlive : () => () => {},
  }
}

function parseTimeout(timeout: unknown): number {
  if (typeof timeout === 'number' && timeout > 0) return timeout
  throw new RegistryError('ERR_INVALID_INTERVAL', `checkTimeout is ${String(timeout)}; give milliseconds above 0`)
}
