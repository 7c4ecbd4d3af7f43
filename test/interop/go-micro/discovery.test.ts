// Ours and go-micro's on one link: what one of them registers, the other gets, lists and watches.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Column } from '../matrix.ts'
import { cell, proven } from '../matrix.ts'
import { MAJORS, missing, nameOf } from './go-micro.ts'
import { MicroLan, type Speaks } from './micro-lan.ts'
import type { Program, Watched } from './program.ts'
import { given, rich, toldByGo, toldByOurs } from './services.ts'

const OURS = '198.18.0.1'
const THEIRS = '198.18.0.2'
/** go-micro says a goodbye once; a lost one is no matter here, as nothing is lost. */
const GONE_WITHIN = 3_000

const SPEAKS: readonly Speaks[] = [{ backend: 'go-micro' }, { wire: ['dns-sd', 'go-micro'] }]
const PAIRS = MAJORS.flatMap((major) => SPEAKS.map((speaks) => ({ major, speaks, text: JSON.stringify(speaks) })))

const happened = (action: string, id: string) => (one: Watched) =>
  one.action === action && one.service.nodes?.[0]?.id === id

describe.skipIf(missing).concurrent.each(PAIRS)('go-micro $major and ours with $text', ({ major, speaks }) => {
  const lan = new MicroLan()
  let go: Program
  let ours: Program

  beforeAll(async () => {
    const [ourHost, theirHost] = [
      lan.host('ours', `${OURS}/24`, '2001:db8::1/64'),
      lan.host('theirs', `${THEIRS}/24`, '2001:db8::2/64'),
    ]
    ;[go, ours] = await Promise.all([lan.go(major, theirHost), lan.ours(ourHost, speaks)])
    await Promise.all([go.watch(), ours.watch()])
  })

  afterAll(() => lan.close())

  test('conflict: go-micro asks nobody whether a name is taken', () => {
    cell(nameOf(major), 'conflict', 'not offered', 'go-micro takes a name without asking for it')
  })

  const shows = (column: Column, title: string, experiment: () => Promise<void>) =>
    test(`${column}: ${title}`, () => proven(nameOf(major), column, experiment))

  shows('publish', 'what go-micro registers, ours is told of, lists, and gets', async () => {
    const service = given('published', '1.0.0', { id: 'published-1', address: `${THEIRS}:8080` })
    await go.register(service)
    const { service: told, reason } = await ours.told(happened('create', 'published-1'))
    expect(told).toEqual(toldByOurs(service))
    expect(reason).toBeUndefined()
    expect(await ours.get('published')).toEqual([toldByOurs(service)])
    expect(await ours.list()).toContain('published')
  })

  shows('browse', 'what ours registers, go-micro is told of, lists, and gets', async () => {
    const service = given('browsed', '1.0.0', { id: 'browsed-1', address: `${OURS}:8080` })
    await ours.register(service)
    await go.gets('browsed', [toldByGo(service)])
    expect(await go.list()).toContain('browsed')
    expect((await go.told(happened('create', 'browsed-1'))).service).toEqual(toldByGo(service))
  })

  shows('resolve', 'endpoints, values and metadata are equal, field by field, in both directions', async () => {
    const theirs = rich('go.micro.srv.theirs', { id: 'go.micro.srv.theirs-6f1c2b9e', address: `${THEIRS}:65535` })
    const own = rich('go.micro.srv.ours', { id: 'go.micro.srv.ours-6f1c2b9e', address: `${OURS}:65535` })
    await Promise.all([go.register(theirs), ours.register(own)])
    expect(await ours.get(theirs.name)).toEqual([toldByOurs(theirs)])
    await go.gets(own.name, [toldByGo(own)])
    const { nodes } = own
    expect((await go.told(happened('create', nodes[0]?.id ?? ''))).service).toEqual(toldByGo(own))
    expect((await ours.told(happened('create', 'go.micro.srv.theirs-6f1c2b9e'))).service).toEqual(toldByOurs(theirs))
  })

  shows('resolve', 'an address of IPv6, in both directions', async () => {
    const theirs = given('their.six', '1', { id: 'six-1', address: '[2001:db8::2]:9000' })
    const own = given('our.six', '1', { id: 'six-2', address: '[2001:db8::1]:9000' })
    await Promise.all([go.register(theirs), ours.register(own)])
    expect(await ours.get('their.six')).toEqual([toldByOurs(theirs)])
    await go.gets('our.six', [toldByGo(own)])
  })

  shows('resolve', 'a port without a host, which stands for the host of ours', async () => {
    await ours.register(given('anywhere', '1', { id: 'anywhere-1', address: ':8080' }))
    await go.gets('anywhere', [toldByGo(given('anywhere', '1', { id: 'anywhere-1', address: `${OURS}:8080` }))])
  })

  shows('update', 'what ours registers again, go-micro gets as it is now', async () => {
    const node = { id: 'updated-1', address: `${OURS}:8080` }
    const [first, second] = ['sleepy', 'awake'].map((mood) => given('updated', '1', { ...node, metadata: { mood } }))
    if (first === undefined || second === undefined) return expect.unreachable()
    await ours.register(first)
    await go.gets('updated', [toldByGo(first)])
    await ours.register(second)
    await go.gets('updated', [toldByGo(second)])
    const isNew = ({ service: { name, nodes } }: Watched) => name === 'updated' && nodes?.[0]?.metadata.mood === 'awake'
    expect((await go.told(isNew)).service).toEqual(toldByGo(second))
    expect(ours.watched.filter(happened('create', 'updated-1'))).toHaveLength(1)
    expect(ours.watched.filter(happened('update', 'updated-1'))).toHaveLength(1)
  })

  // It takes no notice of what is registered again.
  shows('update', 'what go-micro deregisters and registers with something else, ours gets as it is now', async () => {
    const node = { id: 'changed-1', address: `${THEIRS}:8080` }
    await go.register(given('changed', '1', node))
    await ours.told(happened('create', 'changed-1'))
    const changed = given('changed', '2', { ...node, address: `${THEIRS}:8081`, metadata: { mood: 'awake' } })
    await go.deregister(changed)
    await go.register(changed)
    await ours.told(
      ({ action, service }) => action !== 'delete' && service.name === 'changed' && service.version === '2',
    )
    expect(await ours.get('changed')).toEqual([toldByOurs(changed)])
  })

  shows('goodbye', 'what go-micro deregisters, ours is told of, and knows no more', async () => {
    const service = given('left', '1.0.0', { id: 'left-1', address: `${THEIRS}:8080` })
    await go.register(service)
    await ours.told(happened('create', 'left-1'))
    await go.deregister(service)
    const { reason, service: told } = await ours.told(happened('delete', 'left-1'), GONE_WITHIN)
    expect([reason, told]).toEqual(['goodbye', toldByOurs(service)])
    await expect(ours.get('left')).rejects.toThrow('ERR_NOT_FOUND')
    expect(await ours.list()).not.toContain('left')
  })

  shows('goodbye', 'what ours deregisters, go-micro is told of, and gets no more', async () => {
    const service = given('done', '1.0.0', { id: 'done-1', address: `${OURS}:8080` })
    await ours.register(service)
    await go.told(happened('create', 'done-1'))
    await ours.deregister(service)
    expect((await go.told(happened('delete', 'done-1'), GONE_WITHIN)).service).toEqual(toldByGo(service))
    await go.gets('done', [])
    expect(await go.list()).not.toContain('done')
  })
})
