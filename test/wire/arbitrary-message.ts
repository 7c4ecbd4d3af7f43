// Owns random messages for properties.
// Does not own random bytes; a property that wants those makes its own.
import fc from 'fast-check'
import { addressText } from '../../src/wire/address.ts'
import { type Name, nameFromLabels } from '../../src/wire/name.ts'
import { typeFromCode } from '../../src/wire/type-code.ts'
import type { Message, OpaqueType, Question, Rr, RrType } from '../../src/wire/types.ts'

const word = fc.constantFrom('local', 'LOCAL', '_tcp', '_http', 'a', 'A', 'printer', 'My. Büro', 'back\\slash')
const bytes = fc.uint8Array({ minLength: 1, maxLength: 63 })

/** Few words, so that names share endings and differ in case. */
function nameOf(other: fc.Arbitrary<Uint8Array | string>, longest: number): fc.Arbitrary<Name> {
  return fc
    .array(fc.oneof({ weight: 5, arbitrary: word }, other), { maxLength: 5 })
    .filter((labels) => labels.reduce((length, each) => length + 1 + Buffer.from(each).length, 1) <= longest)
    .map(nameFromLabels)
}

export const name = nameOf(bytes, 256)

const u16 = fc.nat(0xffff)

function address(size: 4 | 16): fc.Arbitrary<string> {
  const byte = fc.oneof(fc.constant(0), fc.nat(255))
  return fc.array(byte, { minLength: size, maxLength: size }).map((all) => addressText(Uint8Array.from(all), 0, size))
}

const txt = fc.array(fc.uint8Array({ maxLength: 255 }), { maxLength: 4 }).map((strings) => {
  return Uint8Array.from(strings.flatMap((each) => [each.length, ...each]))
})
const types: fc.Arbitrary<RrType[]> = fc.uniqueArray(u16, { maxLength: 20 }).map((codes) => {
  const sorted = codes.filter((code) => code !== 255).sort((a, b) => a - b)
  return sorted.map((code) => typeFromCode(code) as RrType)
})

/** All but OPT. Rdata of type 13, HINFO, is not well formed. */
function rrOf(
  name: fc.Arbitrary<Name>,
  classes: fc.Arbitrary<number>,
  opaque: readonly OpaqueType[],
): fc.Arbitrary<Rr> {
  const head = { name, class: classes, flush: fc.boolean(), ttl: fc.nat(0x7fffffff) }
  return fc.oneof(
    fc.record({ ...head, type: fc.constant('A'), address: address(4) }),
    fc.record({ ...head, type: fc.constant('AAAA'), address: address(16) }),
    fc.record({ ...head, type: fc.constantFrom('PTR', 'CNAME', 'NS', 'DNAME'), target: name }),
    fc.record({ ...head, type: fc.constant('SRV'), priority: u16, weight: u16, port: u16, target: name }),
    fc.record({ ...head, type: fc.constant('TXT'), data: txt }),
    fc.record({ ...head, type: fc.constant('NSEC'), next: name, types }),
    fc.record({ ...head, type: fc.constantFrom(...opaque), data: fc.uint8Array({ maxLength: 300 }) }),
  )
}

const opt: fc.Arbitrary<Rr> = fc.record({
  name,
  class: u16,
  flush: fc.constant(false),
  ttl: fc.nat(0xffffffff),
  type: fc.constant('TYPE41'),
  data: fc.uint8Array({ maxLength: 30 }),
})

function questionOf(name: fc.Arbitrary<Name>, classes: fc.Arbitrary<number>, unicast: fc.Arbitrary<boolean>) {
  return fc.record({ name, type: u16.map(typeFromCode), class: classes, unicast })
}

function messageOf(question: fc.Arbitrary<Question>, rr: fc.Arbitrary<Rr>): fc.Arbitrary<Message> {
  const few = fc.array(rr, { maxLength: 4 })
  return fc.record({
    id: u16,
    response: fc.boolean(),
    opcode: fc.constant(0),
    authoritative: fc.boolean(),
    truncated: fc.boolean(),
    rcode: fc.constant(0),
    questions: fc.array(question, { maxLength: 3 }),
    answers: few,
    authorities: few,
    additionals: few,
    skipped: fc.constant([]),
  })
}

const anyClass = fc.nat(0x7fff)
export const rr: fc.Arbitrary<Rr> = fc.oneof(
  { weight: 7, arbitrary: rrOf(name, anyClass, ['TYPE13', 'TYPE65280']) },
  opt,
)
export const question: fc.Arbitrary<Question> = questionOf(name, anyClass, fc.boolean())
export const message: fc.Arbitrary<Message> = messageOf(question, rr)

/** What dns-packet can write and read: UTF-8, classes that it has a word for, no question for a unicast response. */
const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 15 })
const plainName = nameOf(text, 255)
const knownClass = fc.constantFrom(1, 2, 3, 4, 255)
export const plainMessage: fc.Arbitrary<Message> = messageOf(
  questionOf(plainName, knownClass, fc.constant(false)),
  rrOf(plainName, knownClass, ['TYPE65280']),
)
