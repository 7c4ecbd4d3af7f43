import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decode } from '../../src/wire/decode.ts'
import { encode } from '../../src/wire/encode.ts'
import { WireError } from '../../src/wire/errors.ts'
import { foldName, isWithin, nameFromText, parentOf, ROOT } from '../../src/wire/name.ts'
import { hashOf, isResponse, mentions } from '../../src/wire/owners.ts'
import type { Name } from '../../src/wire/types.ts'
import { loadPackets } from '../packets.ts'
import { message, name } from './arbitrary-message.ts'

const names = (...all: readonly Name[]) => new Set(all.map(hashOf))
const NOBODY = { has: () => false }

/** Whether one of these owns something in the message, or is the parent of a name that does. */
function isMentioned(bytes: Uint8Array, wanted: Name): boolean {
  const { questions, answers, authorities, additionals, skipped } = decode(bytes)
  const owners = [...questions, ...answers, ...authorities, ...additionals].map((each) => each.name)
  const all = [...owners, ...skipped].flatMap((owner) => [owner, parentOf(owner)])
  return all.some((each) => foldName(each) === foldName(wanted))
}

function isReadable(bytes: Uint8Array): boolean {
  try {
    const { opcode, rcode } = decode(bytes)
    return opcode === 0 && rcode === 0
  } catch (error) {
    if (error instanceof WireError) return false
    throw error
  }
}

describe('the names of a message, told before it is decoded', () => {
  test('are those that the decoder finds, in whatever case and however they are compressed', () => {
    fc.assert(
      fc.property(message, name, (each, wanted) => {
        const bytes = encode({ ...each, opcode: 0, rcode: 0 })
        fc.pre(wanted !== ROOT)
        expect(mentions(bytes, names(wanted))).toBe(isMentioned(bytes, wanted))
        expect(isResponse(bytes)).toBe(each.response)
      }),
      { numRuns: 300 },
    )
  })

  test('are found one by one', () => {
    fc.assert(
      fc.property(message, (each) => {
        const bytes = encode({ ...each, opcode: 0, rcode: 0 })
        const { questions, answers, authorities, additionals } = decode(bytes)
        for (const { name: owner } of [...questions, ...answers, ...authorities, ...additionals]) {
          expect(mentions(bytes, names(owner))).toBe(true)
        }
      }),
      { numRuns: 200 },
    )
  })

  test('hash alike exactly when they are the same name', () => {
    fc.assert(
      fc.property(name, name, (a, b) => {
        expect(hashOf(a) === hashOf(b)).toBe(foldName(a) === foldName(b))
        expect(hashOf(foldName(a))).toBe(hashOf(a))
      }),
    )
    expect(hashOf(nameFromText('É.local'))).not.toBe(hashOf(nameFromText('é.local')))
    expect(hashOf(nameFromText('a\\.b.local'))).not.toBe(hashOf(nameFromText('a.b.local')))
  })

  test('an instance is right below its type, a host below nothing that is asked for', () => {
    const type = nameFromText('_http._tcp.local')
    const about = (owner: string) =>
      mentions(
        encode({ questions: [{ name: nameFromText(owner), type: 'SRV', class: 1, unicast: false }] }),
        names(type),
      )
    expect(isWithin(nameFromText('web._http._tcp.local'), type)).toBe(true)
    expect([about('web._HTTP._tcp.local'), about('web.local'), about('x._sub._http._tcp.local')]).toEqual([
      true,
      false,
      false,
    ])
  })

  test('what the decoder would refuse, or leave out in part, is for the decoder to tell', () => {
    const packets = [...loadPackets('malformed'), ...loadPackets('hostile'), ...loadPackets('real')]
    const hidden = packets.filter(({ bytes }) => !isReadable(bytes) && !mentions(bytes, NOBODY))
    expect(hidden.map(({ file }) => file)).toEqual([])
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        if (!isReadable(bytes)) expect(mentions(bytes, NOBODY)).toBe(true)
      }),
      { numRuns: 500 },
    )
    const good = encode({
      response: true,
      questions: [{ name: nameFromText('a.local'), type: 'A', class: 1, unicast: false }],
    })
    for (let length = 0; length < good.length; length++) expect(mentions(good.subarray(0, length), NOBODY)).toBe(true)
    expect(mentions(good, NOBODY)).toBe(false)
    expect(mentions(new Uint8Array(9_001), NOBODY)).toBe(true)
  })

  test('pointers that lead to pointers are followed no further than the decoder does', () => {
    const chain = Uint8Array.from({ length: 9_000 }, (_, at) =>
      at % 2 === 0 ? 0xc0 | ((at - 2) >> 8) : (at - 3) & 0xff,
    )
    chain.set([0, 0, 0x84, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0])
    expect(mentions(chain, NOBODY)).toBe(true)
  })
})
