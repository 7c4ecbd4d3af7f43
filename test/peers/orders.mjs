// How a test talks with every program of this folder: orders come in, events go out, one JSON object on each line.
//
//   {"order":"publish","name":…,"type":"http","port":…,"txt"?:{…},"ttl"?:seconds,"host"?:label,"addresses"?:[…]}
//   {"order":"browse","type":"http"}
//   {"order":"stop"}, which SIGTERM is as well: unpublish everything, then end
//
//   {"event":"ready"}    {"event":"published","name":…}    {"event":"renamed","to":…}    {"event":"error","message":…}
//   {"event":"up"|"update"|"down","name":…,"type":…,"addresses":[…]}
import { createInterface } from 'node:readline'

/** Every event carries when it was said, in milliseconds since the epoch. */
export function say(event, fields = {}) {
  console.log(JSON.stringify({ event, at: Date.now(), ...fields }))
}

export function sayError(error) {
  say('error', { message: String(error?.message ?? error) })
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
