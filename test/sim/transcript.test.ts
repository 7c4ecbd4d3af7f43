import { expect, test } from 'vitest'
import { printTranscript } from '../../src/sim/transcript.ts'
import { World } from '../../src/sim/world.ts'
import { nameFromText } from '../../src/wire/name.ts'

test('a transcript reads as who asked whom for what and when, and unreadable bytes do not end it', () => {
  const world = new World({ families: [6] })
  world.host().ask(nameFromText('printer.local'), 'AAAA', () => {})
  expect(world.runUntil(() => world.transcript.length > 0)).toBe(true)
  world.peer().send(new Uint8Array([1, 2, 3]), { family: 6, from: { port: 4000 } })
  const lines = printTranscript(world.transcript.slice(0, 2)).split('\n')
  const bytes = world.transcript[0]?.bytes.length
  expect(lines[0]).toBe(`${world.now.toFixed(3)} ms lan host-1 fe80::1#5353 > ff02::fb#5353 ${bytes} bytes`)
  expect(lines.slice(1, 4)).toEqual([
    ';; query id 0 opcode 0 rcode 0',
    ';; question',
    expect.stringMatching(/^printer\.local IN(\+unicast)? AAAA$/),
  ])
  expect(lines.at(-2)).toBe(`${world.now.toFixed(3)} ms lan peer-1 fe80::2#4000 > ff02::fb#5353 3 bytes`)
  expect(lines.at(-1)).toMatch(/^;; unreadable: /)
})
