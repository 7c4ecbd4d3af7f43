// What go-micro says, byte by byte: golden/*.json has it for tests that run without go-micro, and this one proves that
// it is still so. With RECORD_GOLDEN=1 it writes the files instead.
import { readFileSync, writeFileSync } from 'node:fs'
import { inflateSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import type { Service } from '../../../src/registry/types.ts'
import { decode } from '../../../src/wire/decode.ts'
import type { Message, Rr } from '../../../src/wire/types.ts'
import { until } from '../../cli/cli-process.ts'
import type { Observer, Packet } from '../../network/observer.ts'
import { MAJORS, type Major, missing } from './go-micro.ts'
import { MicroLan } from './micro-lan.ts'

type What = 'probe' | 'announce' | 'query' | 'reply' | 'list-query' | 'list-reply' | 'goodbye'

interface Golden {
  readonly from: 'server' | 'client'
  readonly what: What
  /** The name of the one in golden/services.json that it is about. */
  readonly service: string
  readonly hex: string
}

const DIRECTORY = new URL('golden/', import.meta.url)
const SERVICES: readonly Service[] = JSON.parse(readFileSync(new URL('services.json', DIRECTORY), 'utf8'))
const SERVER = '198.18.0.10'
const PATIENCE = 6_000
/** Hexadecimal digits of a message's id. */
const ID = 4

const lans: MicroLan[] = []

afterAll(() => Promise.all(lans.map((lan) => lan.close())))

describe.skipIf(missing).concurrent.each(MAJORS)('go-micro %s', (major) => {
  test('says what golden has', async () => {
    const said = await record(major)
    const file = new URL(`${major}.json`, DIRECTORY)
    if (process.env.RECORD_GOLDEN) writeFileSync(file, `${JSON.stringify(said, undefined, 2)}\n`)
    const golden: readonly Golden[] = JSON.parse(readFileSync(file, 'utf8'))
    expect(said.map(told)).toEqual(golden.map(told))
    expect(new Set(golden.map(({ what }) => what)).size).toBe(7)
  })
})

/** One service after the other is registered, asked for, listed and deregistered. */
async function record(major: Major): Promise<readonly Golden[]> {
  const lan = new MicroLan()
  lans.push(lan)
  const server = lan.host('server', `${SERVER}/24`, '2001:db8::10/64')
  const client = lan.host('client', '198.18.0.20/24')
  const observer = await lan.observe(server, client)
  const [serving, asking] = await Promise.all([lan.go(major, server), lan.go(major, client)])
  const said: Golden[] = []
  for (const service of SERVICES) {
    const from = observer.heard.length
    await serving.register(service)
    await has(observer, from, 'announce')
    expect(await asking.get(service.name)).toHaveLength(1)
    expect(await asking.list()).toEqual([service.name])
    await serving.deregister(service)
    await has(observer, from, 'goodbye')
    said.push(...distinct(observer.heard.slice(from)).map((packet) => goldenOf(packet, service.name)))
  }
  return said
}

async function has(observer: Observer, from: number, what: What): Promise<void> {
  const isThere = () => observer.heard.slice(from).some(({ message }) => whatOf(message) === what) || undefined
  if (!(await until(isThere, PATIENCE))) throw new Error(`no ${what} within ${PATIENCE} ms`)
}

/** All is said over both families, and most of it several times. */
function distinct(packets: readonly Packet[]): readonly Packet[] {
  const seen = new Set<string>()
  return packets.filter(({ hex }) => {
    const key = hex.slice(ID)
    return !seen.has(key) && seen.add(key)
  })
}

function goldenOf({ message, hex }: Packet, service: string): Golden {
  const what = whatOf(message)
  return { from: what === 'query' || what === 'list-query' ? 'client' : 'server', what, service, hex }
}

function whatOf({ response, questions, answers, authorities }: Message): What {
  const ofList = questions[0]?.name.startsWith('_services.')
  if (!response && authorities.length > 0) return 'probe'
  if (!response) return ofList ? 'list-query' : 'query'
  if (questions.length > 0) return ofList ? 'list-reply' : 'reply'
  return answers.every(({ ttl }) => ttl === 0) ? 'goodbye' : 'announce'
}

/** All of it but what differs from run to run, which is the id of a query, and from Go to Go, which is how it packs. */
function told({ hex, ...golden }: Golden): object {
  const { id, ...message } = decode(Buffer.from(hex, 'hex'))
  const unpacked = (records: readonly Rr[]) =>
    records.map((rr) => (rr.type === 'TXT' ? { ...rr, data: json(rr.data) } : rr))
  return {
    ...golden,
    id: message.response ? id : 'any',
    message: { ...message, answers: unpacked(message.answers), authorities: unpacked(message.authorities) },
  }
}

function json(data: Uint8Array): string {
  const strings: Buffer[] = []
  for (let at = 0; at < data.length; at += 1 + (data[at] ?? 0)) {
    strings.push(Buffer.from(data.subarray(at + 1, at + 1 + (data[at] ?? 0))))
  }
  const text = Buffer.concat(strings).toString('latin1')
  return text === '' ? '' : inflateSync(Buffer.from(text, 'hex')).toString('utf8')
}
