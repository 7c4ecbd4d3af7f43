// Owns how often a registration is renewed and for how long it is believed in: options, environment, defaults.
// Does not own when a renewal takes place (kept-registration.ts) nor the environment (keep-registered.ts).
import { RegistryError } from '../errors.ts'
import { parseTtl } from '../registry/service-input.ts'

export interface RhythmOptions {
  /**
   * Milliseconds between renewals. Default: `MICRO_REGISTER_INTERVAL`, in seconds, else 30,000; but no more than a
   * third of the ttl.
   */
  readonly interval?: number
  /**
   * Seconds after which others forget the registration when it is not renewed. Default: `MICRO_REGISTER_TTL`, else 90;
   * but no less than three intervals.
   */
  readonly ttl?: number
}

export interface Rhythm {
  /** Milliseconds. */
  readonly interval: number
  /** Seconds. */
  readonly ttl: number
}

const MS_PER_SECOND = 1_000
const DEFAULT_INTERVAL = 30_000
const DEFAULT_TTL = 90
/** Two renewals in a row may be lost before a registration lapses. */
const RENEWALS_PER_TTL = 3
/** The longest delay that timers keep to, about 24 days. */
const LONGEST_INTERVAL = 2 ** 31 - 1

/** What is given as an option wins. Throws ERR_INVALID_INTERVAL or ERR_INVALID_TTL. */
export function parseRhythm(options: RhythmOptions, environment: NodeJS.Dict<string>): Rhythm {
  const interval = options.interval === undefined ? undefined : parseInterval(options.interval, 'interval')
  const ttl = parseTtl(options.ttl)
  const fromEnvironment = {
    interval: intervalOf(environment.MICRO_REGISTER_INTERVAL) ?? DEFAULT_INTERVAL,
    ttl: ttlOf(environment.MICRO_REGISTER_TTL) ?? DEFAULT_TTL,
  }
  if (interval !== undefined && ttl !== undefined) return kept({ interval, ttl })
  if (interval !== undefined) {
    const least = Math.ceil((interval * RENEWALS_PER_TTL) / MS_PER_SECOND)
    return { interval, ttl: Math.max(fromEnvironment.ttl, least) }
  }
  const believed = ttl ?? fromEnvironment.ttl
  return { interval: Math.min(fromEnvironment.interval, (believed * MS_PER_SECOND) / RENEWALS_PER_TTL), ttl: believed }
}

function kept(rhythm: Rhythm): Rhythm {
  if (rhythm.interval < rhythm.ttl * MS_PER_SECOND) return rhythm
  throw new RegistryError(
    'ERR_INVALID_INTERVAL',
    `With an interval of ${rhythm.interval} ms and a ttl of ${rhythm.ttl} s the registration lapses before it is ` +
      'renewed; make the interval a third of the ttl, or leave one of them out',
  )
}

function parseInterval(interval: unknown, what: string): number {
  if (typeof interval === 'number' && interval >= 1 && interval <= LONGEST_INTERVAL) return interval
  throw new RegistryError(
    'ERR_INVALID_INTERVAL',
    `${what} is ${String(interval)}; give milliseconds from 1 to ${LONGEST_INTERVAL}`,
  )
}

function intervalOf(text: string | undefined): number | undefined {
  if (!text) return undefined
  const milliseconds = seconds(text) * MS_PER_SECOND
  if (milliseconds >= 1 && milliseconds <= LONGEST_INTERVAL) return milliseconds
  throw new RegistryError('ERR_INVALID_INTERVAL', `MICRO_REGISTER_INTERVAL is '${text}'; give whole seconds from 1`)
}

function ttlOf(text: string | undefined): number | undefined {
  if (!text) return undefined
  try {
    return parseTtl(seconds(text))
  } catch (cause) {
    throw new RegistryError('ERR_INVALID_TTL', `MICRO_REGISTER_TTL is '${text}'; give whole seconds from 1`, { cause })
  }
}

function seconds(text: string): number {
  return /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN
}
