import { describe, expect, test } from 'vitest'
import { divide } from '../../src/net/divide.ts'
import { decode } from '../../src/wire/decode.ts'
import { packetOf, sizeOf } from '../../src/wire/packet.ts'
import type { Message, Rr, Section } from '../../src/wire/types.ts'
import { a, instance, ptr, question, srv, TYPE, txt } from '../mdns/records.ts'

const LIMIT = 1440
const EMPTY = decode(new Uint8Array(12))
const size = (message: Message) => sizeOf(packetOf(message))
const fits = (message: Message) => size(message) <= LIMIT
const names = Array.from({ length: 30 }, (_, index) => instance(`Printer ${index} on the third floor`))
const large = txt(instance('Large'), { data: new Uint8Array(1350) })

function all(messages: readonly Message[], ...sections: Section[]): readonly Rr[] {
  return messages.flatMap((message) => sections.flatMap((section) => message[section]))
}

describe('responses', () => {
  test('what fits stays as it is', () => {
    const message = { ...EMPTY, response: true, answers: names.slice(0, 3).map((name) => ptr(name)) }
    expect(divide(message, fits)).toEqual([message])
  })

  test('records of one service stay together, nothing is lost, and every part fits', () => {
    const answers = [
      ...names.map((name) => ptr(name)),
      ...names.map((name) => srv(name)),
      ...names.map((name) => txt(name)),
    ]
    const parts = divide({ ...EMPTY, response: true, answers }, fits)
    expect(parts.length).toBeGreaterThan(3)
    expect(parts.every(fits)).toBe(true)
    expect(new Set(all(parts, 'answers'))).toEqual(new Set(answers))
    for (const part of parts)
      expect(part.answers.filter(({ type }) => type === 'SRV').length).toBe(part.answers.length / 3)
  })

  test('additionals go with each answer that leads to them', () => {
    const additionals = [...names.map((name) => srv(name)), ...names.map((name) => txt(name)), a('198.18.0.1')]
    const parts = divide({ ...EMPTY, response: true, answers: names.map((name) => ptr(name)), additionals }, fits)
    expect(parts.every(fits)).toBe(true)
    expect(new Set(all(parts, 'additionals'))).toEqual(new Set(additionals))
    for (const { answers, additionals: own } of parts) {
      expect(own.filter(({ type }) => type === 'SRV').length).toBe(answers.length)
      expect(own.at(-1)).toEqual(a('198.18.0.1'))
    }
  })

  test('additionals that do not fit beside their only answer become answers', () => {
    const answers = [ptr(instance('Large'))]
    const parts = divide({ ...EMPTY, response: true, answers, additionals: [srv(instance('Large')), large] }, fits)
    expect(parts.map((part) => [part.answers, part.additionals])).toEqual([
      [answers, [srv(instance('Large'))]],
      [[large], []],
    ])
  })

  test('a record that is too large is alone', () => {
    const huge = txt(instance('Huge'), { data: new Uint8Array(3000) })
    const parts = divide(
      { ...EMPTY, response: true, answers: [ptr(names[0] ?? TYPE), huge], additionals: [large] },
      fits,
    )
    expect(parts.filter((part) => !fits(part))).toEqual([{ ...EMPTY, response: true, answers: [huge] }])
  })

  test('a reply to a resolver stays one: additionals go first, then the answers, and it is marked truncated', () => {
    const reply = {
      ...EMPTY,
      id: 7,
      response: true,
      questions: [question(TYPE, 'PTR')],
      answers: [ptr(names[0] ?? TYPE)],
    }
    expect(divide({ ...reply, additionals: [large, large] }, fits)).toEqual([reply])
    const many = names.map((name) => ptr(name))
    expect(divide({ ...reply, answers: many }, fits)).toEqual([{ ...reply, answers: [], truncated: true }])
  })
})

describe('queries', () => {
  test('each question stays with its known answers', () => {
    const questions = names.flatMap((name) => [question(name, 'SRV'), question(name, 'TXT')])
    const parts = divide({ ...EMPTY, questions, answers: names.map((name) => srv(name)) }, fits)
    expect(parts.every(fits)).toBe(true)
    expect(parts.flatMap((part) => part.questions)).toEqual(questions)
    for (const part of parts) {
      const asked = new Set(part.questions.map(({ name }) => name))
      for (const { name } of part.answers) expect(asked).toContain(name)
      expect(part.truncated).toBe(false)
    }
    expect(new Set(all(parts, 'answers')).size).toBe(30)
  })

  test('R90 tcsend: known answers of one question follow in truncated queries, of which the last is not', () => {
    const answers = Array.from({ length: 60 }, (_, index) => ptr(instance(`Printer ${index} of many`)))
    const query = { ...EMPTY, questions: [question(TYPE, 'PTR')], answers }
    const parts = divide(query, fits)
    expect(parts.every(fits)).toBe(true)
    expect(all(parts, 'answers')).toEqual(answers)
    expect(parts.map((part) => part.questions.length)).toEqual([1, ...parts.slice(1).map(() => 0)])
    expect(parts.map(({ truncated }) => truncated)).toEqual([...parts.slice(1).map(() => true), false])
    expect(divide({ ...query, truncated: true }, fits).every(({ truncated }) => truncated)).toBe(true)
  })

  test('a probe stays with what is proposed for its name', () => {
    const questions = names.map((name) => question(name, 'ANY'))
    const authorities = names.flatMap((name) => [srv(name), txt(name)])
    const parts = divide({ ...EMPTY, questions, authorities }, fits)
    expect(parts.length).toBeGreaterThan(1)
    for (const part of parts) {
      expect(part.authorities.map(({ name }) => name)).toEqual(part.questions.flatMap(({ name }) => [name, name]))
    }
    const single = { ...EMPTY, questions: [question(instance('Large'), 'ANY')], authorities: [large, large] }
    expect(divide(single, fits)).toEqual([single])
  })
})
