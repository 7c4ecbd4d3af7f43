import { describe, expect, test } from 'vitest'
import { decode } from '../../src/wire/decode.ts'
import { GREETER, goNode, MicroLan, publication, SECOND } from './micro-lan.ts'

/** What the host said to all: when, and the TTLs. */
function said(lan: MicroLan): readonly { readonly at: number; readonly ttls: readonly number[] }[] {
  return lan.world.transcript.flatMap(({ sender, viaGroup, at, bytes }) => {
    const { response, answers } = decode(bytes)
    return sender === 'ours' && viaGroup && response ? [{ at, ttls: answers.map(({ ttl }) => ttl) }] : []
  })
}

const gaps = (lan: MicroLan) => said(lan).map(({ at }, index, all) => at - (all[index - 1]?.at ?? 0))

describe('a node of ours', () => {
  test('is asked for, and then announced three times, as go-micro does', () => {
    const lan = new MicroLan()
    lan.host.publish(publication('greeter-1'))
    lan.run(60 * SECOND)
    expect(lan.questions.map(({ at, name }) => [at, name])).toEqual([
      [0, GREETER],
      [100, GREETER],
    ])
    expect(said(lan).map(({ at }) => at)).toEqual([250, 1_250, 3_250])
    expect(lan.events.filter(({ kind }) => kind === 'published')).toHaveLength(1)
  })

  test('is announced whole, without a question, and not as an authority', () => {
    const lan = new MicroLan()
    lan.host.publish(publication('greeter-1'))
    lan.run(300)
    const [first] = lan.take().filter(({ message }) => message.response)
    expect(first?.message).toMatchObject({ id: 0, authoritative: false, questions: [], additionals: [] })
    expect(first?.message.answers.map(({ type }) => type)).toEqual(['SRV', 'A', 'TXT'])
  })

  test('is told of again when it changes, but no sooner than a second after the last time', () => {
    const lan = new MicroLan()
    lan.host.publish(publication('greeter-1'))
    lan.run(300)
    lan.host.publish(publication('greeter-1', { port: 1 }))
    lan.host.publish(publication('greeter-1', { port: 2 }))
    lan.run(60 * SECOND)
    expect(gaps(lan)).toEqual([250, 1_000, 1_000, 2_000])
    expect(lan.take().at(-1)?.message.answers[0]).toMatchObject({ port: 2 })
    expect(lan.events.filter(({ kind }) => kind === 'published')).toHaveLength(2)
  })

  test('says goodbye twice, with no time left in any record', () => {
    const lan = new MicroLan()
    lan.host.publish(publication('greeter-1'))
    lan.run(10 * SECOND)
    lan.host.withdraw('greeter-1')
    lan.run(10 * SECOND)
    const goodbyes = said(lan).slice(3)
    expect(goodbyes.map(({ at, ttls }) => [at, ttls])).toEqual([
      [10_000, [0, 0, 0]],
      [10_125, [0, 0, 0]],
    ])
    expect(lan.events.at(-1)).toEqual({ kind: 'withdrawn', key: 'greeter-1' })
  })

  test('that comes back at once is not said goodbye to again', () => {
    const lan = new MicroLan()
    lan.host.publish(publication('greeter-1'))
    lan.run(10 * SECOND)
    lan.host.withdraw('greeter-1')
    lan.host.publish(publication('greeter-1', { key: 'again' }))
    lan.run(10 * SECOND)
    expect(
      said(lan)
        .slice(3)
        .map(({ ttls }) => ttls[0]),
    ).toEqual([0, 120, 120, 120])
  })

  test('that was never announced leaves without a word', () => {
    const lan = new MicroLan()
    lan.host.publish(publication('greeter-1'))
    lan.run(100)
    lan.host.withdraw('greeter-1')
    lan.run(10 * SECOND)
    expect(said(lan)).toEqual([])
    expect(lan.events).toEqual([{ kind: 'withdrawn', key: 'greeter-1' }])
  })
})

describe('a name that somebody has', () => {
  test('is not taken from a Go program that answers', () => {
    const lan = new MicroLan()
    lan.serve(goNode({ id: 'Greeter-1' }))
    lan.host.publish(publication('greeter-1'))
    lan.run(10 * SECOND)
    expect(lan.events).toEqual([{ kind: 'conflict', key: 'greeter-1' }])
    expect(said(lan)).toEqual([])
  })

  test('is not taken twice by one host, but may be under another service', () => {
    const lan = new MicroLan()
    lan.host.publish(publication('one'))
    lan.host.publish(publication('one', { key: 'second' }))
    lan.host.publish(publication('one', { key: 'third', service: 'other' }))
    lan.run(10 * SECOND)
    expect(lan.events).toEqual([
      { kind: 'conflict', key: 'second' },
      { kind: 'published', key: 'one' },
      { kind: 'published', key: 'third' },
    ])
  })
})

describe('links', () => {
  test('a node without any is published, and announced where a link comes', () => {
    const lan = new MicroLan()
    const lonely = lan.world.microHost({ name: 'lonely', networks: [] })
    const events: string[] = []
    lonely.on(({ kind }) => events.push(kind))
    lonely.publish(publication('greeter-9'))
    lan.run(SECOND)
    expect(events).toEqual(['published'])
  })

  test('after sleep what is there is announced again', () => {
    const lan = new MicroLan()
    lan.host.publish(publication('greeter-1'))
    lan.run(60 * SECOND)
    lan.world.transports(lan.host).group.wake()
    lan.run(60 * SECOND)
    expect(said(lan).map(({ at }) => at)).toEqual([250, 1_250, 3_250, 60_000, 61_000, 63_000])
  })
})

test('close says goodbye to all, twice, and is over after an eighth of a second', async () => {
  const lan = new MicroLan()
  for (const id of ['a', 'b']) lan.host.publish(publication(id))
  lan.run(10 * SECOND)
  const before = lan.world.now
  await lan.world.until(lan.host.close())
  expect(lan.world.now - before).toBe(125)
  expect(
    said(lan)
      .slice(6)
      .map(({ ttls }) => ttls[0]),
  ).toEqual([0, 0, 0, 0])
  expect(() => lan.host.publish(publication('c'))).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }))
})

test('farewell says each goodbye once before it returns', () => {
  const lan = new MicroLan()
  for (const id of ['a', 'b']) lan.host.publish(publication(id))
  lan.run(10 * SECOND)
  lan.host.farewell()
  expect(said(lan).slice(6)).toHaveLength(2)
})
