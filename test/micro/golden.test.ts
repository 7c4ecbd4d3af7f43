// What go-micro v4 and v5 said on a real link, beside what we say and what we make of it.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Link } from '../../src/mdns/types.ts'
import {
  announcementMessage,
  listRecords,
  nodeRecords,
  pointerRecord,
  questionMessage,
  replyMessage,
} from '../../src/micro/micro-message.ts'
import { namingOf, serviceName } from '../../src/micro/micro-name.ts'
import { decodeMicroTxt, type MicroJson } from '../../src/micro/micro-txt.ts'
import { microService } from '../../src/registry/micro-node.ts'
import { microOfferOf } from '../../src/registry/micro-offer.ts'
import { parseService } from '../../src/registry/service-input.ts'
import type { Service, ServiceInput } from '../../src/registry/types.ts'
import { decode } from '../../src/wire/decode.ts'
import type { Message, Rr } from '../../src/wire/types.ts'
import { listening } from './micro-lan.ts'

interface Golden {
  readonly what: 'probe' | 'announce' | 'query' | 'reply' | 'list-query' | 'list-reply' | 'goodbye'
  readonly service: string
  readonly hex: string
}

type Written = Omit<ServiceInput, 'metadata' | 'endpoints'> & { readonly version: string }

const read = <T>(file: string): T =>
  JSON.parse(readFileSync(new URL(`../interop/go-micro/golden/${file}`, import.meta.url), 'utf8'))

/** As they were given to go-micro, which has null for what is empty. */
const services: readonly Service[] = read<readonly (Written & { endpoints: null; metadata: null })[]>(
  'services.json',
).map(({ metadata, endpoints, nodes, ...rest }) => {
  const input = { ...rest, endpoints: endpoints ?? [], metadata: metadata ?? {} }
  return parseService({ ...input, nodes: nodes.map((node) => ({ ...node, metadata: node.metadata ?? {} })) }, () => '')
})

const naming = namingOf('micro', 'server')
const link: Link = { id: 'lan/4', interface: 'lan', family: 4, unicast: true, addresses: [] }

/** All that a message says; of TXT the JSON, as two programs may deflate one text to different bytes. */
function meaning(bytes: Uint8Array): object {
  const { answers, ...rest } = decode(bytes)
  return { ...rest, answers: answers.map(meaningOf) }
}

function meaningOf(rr: Rr): unknown {
  if (rr.type !== 'TXT') return rr
  const { data, ...head } = rr
  return { ...head, json: data.length > 0 ? withoutNull(decodeMicroTxt(data)) : undefined }
}

/** go-micro has null where we have {}, or []; either is read as the other. */
function withoutNull(json: MicroJson | undefined): unknown {
  return JSON.parse(JSON.stringify(json).replaceAll(/null|\{\}|\[\]/g, '0'))
}

function ours(what: Golden['what'], service: Service, said: Message): Uint8Array {
  const offer = microOfferOf(service, 'key')
  const [question] = said.questions
  const records = (ttl: number) => nodeRecords(offer, link, naming, ttl)
  if (what === 'query') return questionMessage(serviceName(service.name, 'micro'), said.id)
  if (what === 'list-query') return questionMessage(naming.list, said.id)
  if (what === 'announce') return announcementMessage(records(120))
  if (what === 'goodbye') return announcementMessage(records(0))
  if (question === undefined) throw new Error(`a ${what} without a question`)
  const answers = what === 'reply' ? [pointerRecord(offer, naming), ...records(120)] : listRecords(service.name, naming)
  return replyMessage(said.id, question, answers)
}

describe.each(['v4', 'v5'])('go-micro %s', (version) => {
  const golden = read<readonly Golden[]>(`${version}.json`).filter(({ what }) => what !== 'probe')
  const named = golden.map(({ what, service, hex }) => [what, service, Buffer.from(hex, 'hex')] as const)
  const serviceOf = (name: string) => services.find((service) => service.name === name) ?? expect.unreachable(name)

  test('was heard saying everything', () => {
    expect(golden.length).toBe(6 * services.length)
  })

  test.each(named)('%s of %s: what we say means the same', (what, name, bytes) => {
    expect(meaning(ours(what, serviceOf(name), decode(bytes)))).toEqual(meaning(bytes))
  })

  test.each(named.filter(([what]) => what === 'announce' || what === 'reply'))(
    '%s of %s: what we make of it is what was registered',
    (_, name, bytes) => {
      const lan = listening('all')
      lan.go.send(bytes)
      lan.run(10)
      const [node] = lan.host.nodes(name)
      expect(node && microService(node, [])).toEqual(serviceOf(name))
    },
  )

  test('goodbyes are heard as such, and lists as lists', () => {
    const lan = listening('all')
    for (const [what, , bytes] of named) {
      if (what === 'announce' || what === 'list-reply') lan.go.send(bytes)
    }
    lan.run(10)
    expect(new Set(lan.questions.map(({ name }) => name)).size).toBe(1 + services.length)
    expect(lan.host.nodes(undefined)).toHaveLength(services.length)
    for (const [what, , bytes] of named) if (what === 'goodbye') lan.go.send(bytes)
    lan.run(10)
    expect(lan.host.nodes(undefined)).toEqual([])
  })
})
