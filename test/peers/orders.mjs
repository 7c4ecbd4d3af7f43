// How a test talks with every program of this folder: orders come in, events go out, one JSON object on each line.
//
//   {"order":"publish","name":…,"type":"http","port":…,"txt"?:{…},"subtypes"?:[…],
//    "ttl"?:seconds,"host"?:label,"addresses"?:[…]}
//   {"order":"update","name":…,"txt":{…}}   {"order":"unpublish","name":…}
//   {"order":"browse","type":"http","subtype"?:…}
//   {"order":"stop"}, which SIGTERM is as well: unpublish everything, then end
//
//   {"event":"ready"}    {"event":"published","name":…,"ordered":the name that it was to have}
//   {"event":"renamed","to":…}    {"event":"error","message":…}
//   {"event":"up"|"update"|"down","name":…,"type":…,"host":…,"port":…,"txt":{…},"addresses":[…]}
//
// A TXT value is a string, true for a key without a value, or {"base64":…} where it is not UTF-8.
import { createInterface } from 'node:readline'

/**
 * Every event carries when it was said, in milliseconds since the epoch, and to the microsecond on the clock that all
 * processes of one machine share.
 */
export function say(event, fields = {}) {
  console.log(JSON.stringify({ event, at: Date.now(), monotonic: monotonic(), ...fields }))
}

export function monotonic() {
  return Number(process.hrtime.bigint() / 1000n) / 1000
}

export function sayError(error) {
  say('error', { message: String(error?.message ?? error) })
}

/** The TXT values of an order, as most libraries take them: strings, bytes, and true. */
export function valuesOf(txt = {}) {
  const value = (told) => (told.base64 === undefined ? told : Buffer.from(told.base64, 'base64'))
  return Object.fromEntries(Object.entries(txt).map(([key, told]) => [key, value(told)]))
}

/** Subtypes for a library that puts the underscore before them itself. */
export function labelsOf(subtypes = []) {
  return subtypes.map((subtype) => subtype.replace(/^_/, ''))
}

/** What to say of TXT values: pairs of a key and its bytes, or true. */
export function toldOf(pairs) {
  const told = (value) => {
    if (!Buffer.isBuffer(value)) return value
    const text = value.toString('utf8')
    return Buffer.from(text).equals(value) ? text : { base64: value.toString('base64') }
  }
  return Object.fromEntries(pairs.map(([key, value]) => [key, told(value)]))
}

/** The pairs in the strings of a TXT record, RFC 6763 §6.4. */
export function pairsIn(strings) {
  return strings.map((bytes) => {
    const at = bytes.indexOf('=')
    return at < 0 ? [bytes.toString(), true] : [bytes.subarray(0, at).toString(), bytes.subarray(at + 1)]
  })
}

/** `verbs` has a function for each order. Once `stop` is done, nothing of ours keeps the process alive. */
export function obey(verbs) {
  let stopping
  const stop = () => {
    stopping ??= Promise.resolve(verbs.stop()).then(() => process.stdin.destroy())
    return stopping
  }
  process.on('SIGTERM', stop)
  createInterface({ input: process.stdin }).on('line', (line) => {
    const { order, ...details } = JSON.parse(line)
    if (order === 'stop') stop()
    else verbs[order](details)
  })
  say('ready')
}
