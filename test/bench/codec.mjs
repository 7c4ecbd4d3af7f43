// Owns the comparison of our codec with dns-packet, side by side in one run: node test/bench/codec.mjs
// Does not own a verdict: a machine that is busy changes every time, and the ratios much less.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import dnsPacket from 'dns-packet'
import { decode, encode } from '../../dist/internals.js'
import { messages } from './messages.mjs'

const RUNS = 7
const RUN_MS = 60
const HOSTILE = new URL('../../../shared/packets/hostile/', import.meta.url)
const MAX_DATAGRAM = 9000

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1]

/** Microseconds for one call, over as many calls as fill the time. */
function time(run, milliseconds) {
  const start = process.hrtime.bigint()
  const end = start + BigInt(milliseconds * 1e6)
  let calls = 0
  let now = start
  while (now < end) {
    for (let call = 0; call < 16; call++) run()
    calls += 16
    now = process.hrtime.bigint()
  }
  return Number(now - start) / 1e3 / calls
}

/** Medians of interleaved runs, so that what else the machine does falls on both. */
function compare(ours, theirs) {
  const times = { ours: [], theirs: [] }
  for (let run = 0; run < RUNS; run++) {
    times.ours.push(time(ours, RUN_MS))
    times.theirs.push(time(theirs, RUN_MS))
  }
  return { ours: median(times.ours), theirs: median(times.theirs) }
}

const cases = Object.entries(messages).map(([title, message]) => {
  const bytes = Buffer.from(encode(message))
  return { title, message, bytes, plain: dnsPacket.decode(bytes) }
})

// Every shape is seen before anything is measured, as it is in a program that runs for days.
for (const { message, bytes, plain } of cases) {
  time(() => decode(bytes), 100)
  time(() => encode(message), 100)
  time(() => dnsPacket.decode(bytes), 50)
  time(() => dnsPacket.encode(plain), 50)
}

function row(title, { ours, theirs }) {
  return {
    message: title,
    'ours µs': ours.toFixed(2),
    'dns-packet µs': theirs.toFixed(2),
    ratio: (theirs / ours).toFixed(1),
  }
}

console.log(`Node ${process.version}; microseconds per message, medians of ${RUNS} interleaved runs`)
console.log('\ndecode')
console.table(
  cases.map(({ title, bytes }) =>
    row(
      `${title} (${bytes.length} B)`,
      compare(
        () => decode(bytes),
        () => dnsPacket.decode(bytes),
      ),
    ),
  ),
)
console.log('encode (dns-packet does not compress)')
console.table(
  cases.map(({ title, message, plain }) =>
    row(
      title,
      compare(
        () => encode(message),
        () => dnsPacket.encode(plain),
      ),
    ),
  ),
)

function attempt(read, bytes) {
  try {
    read(bytes)
  } catch {
    // A refusal counts as much as a message.
  }
}

if (existsSync(HOSTILE)) {
  const files = readdirSync(HOSTILE).filter((file) => file.startsWith('L'))
  const hostile = files.map((file) => ({ file, bytes: readFileSync(new URL(file, HOSTILE)) }))
  console.log(`hostile messages of ${MAX_DATAGRAM} bytes or a little less (larger ones are dropped unread)`)
  console.table(
    hostile
      .filter(({ bytes }) => bytes.length <= MAX_DATAGRAM)
      .map(({ file, bytes }) => {
        const { ours, theirs } = compare(
          () => attempt(decode, bytes),
          () => attempt(dnsPacket.decode, bytes),
        )
        return { message: file, 'ours ms': (ours / 1e3).toFixed(3), 'dns-packet ms': (theirs / 1e3).toFixed(1) }
      }),
  )
} else {
  console.log('no hostile messages here: those are not measured')
}
