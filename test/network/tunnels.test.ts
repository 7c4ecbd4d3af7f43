// An interface that is no LAN: a tunnel is left alone unless it is named, whatever it is called.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Site } from './site.ts'
import type { SiteHost } from './site-host.ts'

const PATIENCE = 5_000
const TUNNEL = 'office'

const site = new Site()
let host: SiteHost
let holder: ChildProcess | undefined

beforeAll(async () => {
  const wire = site.segment()
  host = site.host('tunnelled')
  host.plug(wire, { addresses: ['198.18.0.1/24'] })
  const [command = '', ...before] = host.before
  holder = spawn(command, [...before, 'python3', fileURLToPath(new URL('tunnel.py', import.meta.url)), TUNNEL])
  if (holder.stdout) await once(holder.stdout, 'data')
  host.ip(`addr add 198.18.9.1/24 dev ${TUNNEL}`, `link set ${TUNNEL} up`)
})
afterAll(async () => {
  if (holder?.exitCode === null) {
    holder.stdin?.end()
    await once(holder, 'close')
  }
  await site.close()
})

test.each([
  ['is no link by itself', undefined, ['lan0/4', 'lan0/6']],
  ['is one if it is named', TUNNEL, ['office/4', 'office/6']],
] as const)('R270 iflo: a tunnel that looks like a LAN %s', async (_title, interfaces, ids) => {
  const listener = host.start('listener.mjs', 'name', ...(interfaces === undefined ? [] : [interfaces]))
  await listener.line({ event: 'links', ids }, PATIENCE)
  expect(listener.lines.filter(({ event }) => event === 'failed')).toEqual([])
})

test('and all programs end well', async () => {
  expect(await site.endAll()).toEqual([])
})
