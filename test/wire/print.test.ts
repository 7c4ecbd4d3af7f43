import { expect, test } from 'vitest'
import { decode } from '../../src/wire/decode.ts'
import { nameFromText } from '../../src/wire/name.ts'
import { printMessage, printRr } from '../../src/wire/print.ts'
import type { OpaqueType, Rr } from '../../src/wire/types.ts'
import { CLASS_ANY, CLASS_IN } from '../../src/wire/types.ts'
import { loadPackets } from '../packets.ts'
import { bytesOf } from './hex.ts'

const head = { name: nameFromText('h.local'), class: CLASS_IN, flush: true, ttl: 120 }
const shared = { ...head, flush: false }
const target = nameFromText('My\\.Büro.local')

test.each<[Rr, string]>([
  [{ ...head, type: 'A', address: '198.18.0.1' }, 'h.local 120 IN+flush A 198.18.0.1'],
  [{ ...shared, class: CLASS_ANY, type: 'PTR', target }, 'h.local 120 ANY PTR My\\.Büro.local'],
  [{ ...head, type: 'SRV', priority: 1, weight: 2, port: 3, target }, 'h.local 120 IN+flush SRV 1 2 3 My\\.Büro.local'],
  [{ ...head, type: 'TXT', data: bytesOf('03 613d22 00 02 ff0a') }, 'h.local 120 IN+flush TXT "a=\\"" "" "\\255\\010"'],
  [{ ...head, type: 'NSEC', next: head.name, types: ['A', 'TYPE99'] }, 'h.local 120 IN+flush NSEC h.local A TYPE99'],
  [{ ...shared, class: 3, type: 'TYPE64', data: bytesOf('0a0b') }, 'h.local 120 CLASS3 TYPE64 \\# 2 0a0b'],
])('%#: one line for each record', (rr, line) => {
  expect(printRr(rr)).toBe(line)
})

test.each<[OpaqueType, string, string]>([
  ['TYPE13', '03 415243 02 4f53', 'HINFO {"cpu":"ARC","os":"OS"}'],
  ['TYPE44', `01 01 ${'ab'.repeat(20)}`, `SSHFP {"algorithm":1,"hash":1,"fingerprint":"${'AB'.repeat(20)}"}`],
  ['TYPE43', '0001 08 02 abcd', 'DS {"keyTag":1,"algorithm":8,"digestType":2,"digest":"abcd"}'],
  ['TYPE43', '00', 'TYPE43 \\# 1 00'],
])('%s %s is read by dns-packet, or shown as it is', (type, digits, text) => {
  expect(printRr({ ...head, type, data: bytesOf(digits) })).toBe(`h.local 120 IN+flush ${text}`)
})

test('a message has a line for each item, under its section', () => {
  const bytes = bytesOf(`0000 8400 0001 0002 0000 0000 01 68 05 6c6f63616c 00 0001 8001
    c00c 0001 8001 00000078 0004 c6120001 c00c 0001 8001 00000078 0000`)
  expect(printMessage(decode(bytes)).split('\n')).toEqual([
    ';; response id 0 opcode 0 rcode 0 aa',
    ';; question',
    'h.local IN+unicast A',
    ';; answer',
    'h.local 120 IN+flush A 198.18.0.1',
    ';; skipped',
    'h.local',
  ])
})

test('nothing that another host sends can move, hide or reorder text', () => {
  const name = nameFromText('a\u0085b\u202ec\u200bd\u2028e\ufefff\u061cg\u001b[31m')
  expect(printRr({ ...shared, name, type: 'PTR', target: name })).toBe(
    ['a\\u{85}b\\u{202e}c\\u{200b}d\\u{2028}e\\u{feff}f\\u{61c}g\\027[31m', '120 IN PTR', ''].join(' ') +
      'a\\u{85}b\\u{202e}c\\u{200b}d\\u{2028}e\\u{feff}f\\u{61c}g\\027[31m',
  )
  for (const folder of ['hostile', 'real'] as const) {
    for (const { bytes } of loadPackets(folder)) {
      if (bytes.length < 12 || bytes.length > 9000) continue
      let text = ''
      try {
        text = printMessage(decode(bytes))
      } catch {
        continue
      }
      expect(text).not.toMatch(/[^\n\P{Cc}]|\p{Cf}/u)
    }
  }
})
