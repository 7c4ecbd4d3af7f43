// Several nodes and versions of one service, some of them ours and some go-micro's, on hosts that they share or not.
import { afterAll, beforeAll, describe, test } from 'vitest'
import { MAJORS, missing } from './go-micro.ts'
import { MicroLan } from './micro-lan.ts'
import type { Program, Told, Watched } from './program.ts'
import { given } from './services.ts'

const OURS = '198.18.0.1'
const THEIRS = '198.18.0.2'

const idsOf = (services: readonly Told[]) =>
  services.map(({ version, nodes }) => [version, ...(nodes ?? []).map(({ id, address }) => `${id} ${address}`)])

const happened = (action: string, id: string) => (one: Watched) =>
  one.action === action && one.service.nodes?.[0]?.id === id

describe.skipIf(missing).concurrent.each(MAJORS)('ours and go-micro %s', (major) => {
  const lan = new MicroLan()
  let go: Program
  let ours: Program
  /** Each of them shares a host with the other side. */
  let lodger: Program
  let host: Program

  beforeAll(async () => {
    const [ourHost, theirHost] = [lan.host('ours', `${OURS}/24`), lan.host('theirs', `${THEIRS}/24`)]
    const both = { wire: ['dns-sd', 'go-micro'] } as const
    ;[ours, lodger, go, host] = await Promise.all([
      lan.ours(ourHost, both),
      lan.ours(theirHost, both),
      lan.go(major, theirHost),
      lan.go(major, ourHost),
    ])
  })

  afterAll(() => lan.close())

  test('all four know all nodes of both versions, and those that are left when one leaves', async () => {
    const all = [ours, lodger, go, host]
    await Promise.all(all.map((program) => program.watch('many')))
    const [own, other] = [`${OURS}:80`, `${THEIRS}:80`]
    await Promise.all([
      ours.register(given('many', '1', { id: 'a', address: `${own}01` }, { id: 'b', address: `${own}02` })),
      lodger.register(given('many', '2', { id: 'c', address: `${other}03` })),
      go.register(given('many', '1', { id: 'd', address: `${other}04` }, { id: 'e', address: `${other}05` })),
      host.register(given('many', '2', { id: 'f', address: `${own}06` })),
    ])
    const one = ['1', `a ${own}01`, `b ${own}02`, `d ${other}04`, `e ${other}05`]
    const two = ['2', `c ${other}03`, `f ${own}06`]
    for (const program of all) await program.gets('many', [one, two], idsOf)
    for (const program of all) for (const id of 'abcdef') await program.told(happened('create', id))

    await ours.deregister(given('many', '1', { id: 'b', address: `${own}02` }))
    await go.deregister(given('many', '1', { id: 'd', address: `${other}04` }))
    await host.deregister(given('many', '2', { id: 'f', address: `${own}06` }))
    const left = [['1', `a ${own}01`, `e ${other}05`], two.slice(0, 2)]
    for (const program of all) for (const id of 'bdf') await program.told(happened('delete', id))
    for (const program of all) await program.gets('many', left, idsOf)
  })
})
