// Owns the comparison of our codec with others over the same messages, which every one of them reads as we wrote them.
// Does not own the messages (messages.mjs, chatter.mjs) nor the codecs (codec/).
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { chatter, chatterMean, chatterMessages } from '../chatter.mjs'
import { ours, peerCodecs } from '../codec/codecs.mjs'
import { callTime, compare, NOT_INSTALLED } from '../figure.mjs'
import { encode } from '../internals.mjs'
import { messages } from '../messages.mjs'
import { Twin } from '../twin.mjs'

export const title = 'Codec: one message read or written'

const HOSTILE = new URL('../../../../shared/packets/hostile/', import.meta.url)
const MAX_DATAGRAM = 9000
/** No slower than this peer to read, and 1.5 times as slow to write. */
const GOAL = { case: 'announcement, 6 records', peer: 'Go miekg/dns', decode: 1, encode: 1.5 }

const recordsOf = ({ answers = [], authorities = [], additionals = [] }) =>
  answers.length + authorities.length + additionals.length

const cases = [
  ...Object.entries(messages).map(([name, message]) => ({
    name,
    messages: [message],
    packets: [Buffer.from(encode(message))],
  })),
  { name: 'unrelated chatter', messages: chatterMessages, packets: chatter },
]

/** Microseconds of a call with one of the items after the other. */
function timeOver(items, call, milliseconds) {
  let next = 0
  return callTime(() => {
    call(items[next])
    next = next + 1 === items.length ? 0 : next + 1
  }, milliseconds)
}

/** A codec that leaves records out has less to do; why it has no figure, else undefined. */
function refusal(read, records) {
  try {
    const missing = read().findIndex((count, index) => count !== records[index])
    return missing === -1 ? undefined : `reads ${read()[missing]} of ${records[missing]} records`
  } catch (error) {
    return error.message
  }
}

function inProcess(codec, { packets, messages: sent }, operation, milliseconds) {
  if (codec === undefined) return NOT_INSTALLED
  const wrong = refusal(() => packets.map((bytes) => codec.records(codec.read(bytes))), sent.map(recordsOf))
  if (wrong) return wrong
  if (operation === 'decode') return () => timeOver(packets, codec.read, milliseconds)
  const items = codec === ours ? sent : packets.map((bytes) => codec.prepared(codec.read(bytes)))
  return () => timeOver(items, codec.write, milliseconds)
}

async function elsewhere(twin, { packets, messages: sent }, operation, milliseconds) {
  if (twin === undefined) return NOT_INSTALLED
  const request = { packets: packets.map((bytes) => bytes.toString('base64')), milliseconds }
  try {
    const { records } = await twin.ask({ ...request, operation: 'records' })
    const wrong = refusal(() => records, sent.map(recordsOf))
    if (wrong) return wrong
  } catch (error) {
    return error.message
  }
  return async () => (await twin.ask({ ...request, operation })).microseconds
}

function size({ packets }) {
  return packets.length === 1 ? `${packets[0].length} B` : `${packets.length} datagrams, ${chatterMean} B on average`
}

/** The limit is a peer's figure of the same run. */
function withGoal(figure, { name }, operation) {
  const theirs = figure.peers[GOAL.peer]
  if (name !== GOAL.case || typeof theirs !== 'number') return figure
  return { ...figure, limit: theirs * GOAL[operation], note: `the limit is ${GOAL[operation]} times ${GOAL.peer}` }
}

async function* codecFigures(operation, { runs, quick, log }) {
  const codecs = await peerCodecs()
  const twins = {
    'python-zeroconf': Twin.start('.venv/bin/python', ['codec/python_zeroconf.py']),
    [GOAL.peer]: Twin.start('go/codec/program'),
  }
  const milliseconds = quick ? 30 : 100
  for (const each of cases) {
    log(`${operation} ${each.name}`)
    const contestants = { ours: inProcess(ours, each, operation, milliseconds) }
    for (const peer of Object.keys(codecs)) contestants[peer] = inProcess(codecs[peer], each, operation, milliseconds)
    for (const peer of Object.keys(twins)) {
      contestants[peer] = await elsewhere(twins[peer], each, operation, milliseconds)
    }
    const figure = { title: `${operation}: ${each.name} (${size(each)})`, unit: 'µs' }
    yield withGoal({ ...figure, ...(await compare(contestants, runs)) }, each, operation)
  }
  for (const twin of Object.values(twins)) twin?.stop()
}

/** A refusal counts as much as a message. */
const attempt = (codec, bytes) => () => {
  try {
    codec.read(bytes)
  } catch {
    // Refused.
  }
}

/** Larger ones are dropped unread. */
async function* hostileFigures({ runs, quick, log }) {
  if (!existsSync(HOSTILE)) return log('no hostile messages here: those are not measured')
  const codecs = await peerCodecs()
  for (const file of readdirSync(HOSTILE).filter((name) => name.startsWith('L'))) {
    const bytes = readFileSync(new URL(file, HOSTILE))
    if (bytes.length > MAX_DATAGRAM) continue
    log(`hostile ${file}`)
    const contestants = { ours: () => callTime(attempt(ours, bytes), quick ? 30 : 60) }
    for (const [peer, codec] of Object.entries(codecs)) {
      contestants[peer] = codec ? () => callTime(attempt(codec, bytes), quick ? 30 : 60) : NOT_INSTALLED
    }
    yield { title: `hostile: ${file}`, unit: 'µs', ...(await compare(contestants, runs)) }
  }
}

/** Every shape is seen before anything is measured, as it is in a program that runs for days. */
async function warmUp() {
  for (const codec of [ours, ...Object.values(await peerCodecs())]) {
    for (const each of codec ? cases : []) {
      for (const operation of ['decode', 'encode']) {
        const run = inProcess(codec, each, operation, 60)
        try {
          if (typeof run === 'function') run()
        } catch {
          // Its figure will say so.
        }
      }
    }
  }
}

export async function* figures(options) {
  await warmUp()
  yield* codecFigures('decode', options)
  yield* codecFigures('encode', options)
  yield* hostileFigures(options)
}
