// A process ends by itself when nothing is registered, watched or waited for, and not before; nothing is closed here.
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CliProcesses } from '../cli/cli-process.ts'
import { uniqueName } from '../cli/unique-name.ts'
import { Goodbyes } from './goodbyes.ts'

const LINGER = fileURLToPath(new URL('linger.mjs', import.meta.url))
/** Milliseconds in which a process that has nothing more to do is gone, also on a busy machine. */
const SOON = 2000
/** One that is still there after this was not about to end. */
const LATER = 1000

const processes = new CliProcesses()
let goodbyes: Goodbyes

beforeAll(async () => {
  goodbyes = await Goodbyes.open()
})
afterAll(async () => {
  await processes.endAll()
  goodbyes.close()
})

function start(what: string, registry: string, name = uniqueName('linger')) {
  return processes.script([LINGER, what, name], [], { MDNS_REGISTRY_INTERFACES: 'loopback', MICRO_REGISTRY: registry })
}

const passed = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

describe('ends by itself', () => {
  test.concurrent.each([
    ['opens and does nothing', 'mdns'],
    ['waits for a service', 'mdns'],
    ['waits in vain', 'mdns'],
    ['waits in vain without a link', 'mdns'],
    ['lists services', 'mdns'],
    ['looks a host up in vain', 'mdns'],
    ['resolves an instance in vain', 'mdns'],
    ['stops what it watched', 'mdns'],
    ['leaves the loop over what it watched', 'mdns'],
    ['withdraws what it advertised', 'mdns'],
    ['browses without a hold', 'mdns'],
    ['registers with ref: false and closes', 'mdns'],
    ['watches with ref: false', 'mdns'],
    ['stops what it kept registered', 'mdns'],
    ['keeps registered with ref: false', 'mdns'],
    ['lets go of the server it advertised', 'mdns'],
    ['closes the server it advertised', 'mdns'],
    ['advertises a server that never listens', 'mdns'],
    ['selects what it registered', 'mdns'],
    ['selects what it registered', 'memory'],
    ['watches with ref: false', 'memory'],
    ['waits for a service', 'memory'],
    ['waits in vain', 'memory'],
    ['leaves the loop over what it watched', 'memory'],
    ['registers with ref: false', 'memory'],
  ])('whoever %s (%s)', async (what, registry) => {
    const started = start(what, registry)
    await started.line({ event: 'here' })
    const here = performance.now()
    expect(await started.ended).toMatchObject({ code: 0, stderr: '' })
    expect(performance.now() - here).toBeLessThan(SOON)
  })
})

describe('stays alive', () => {
  test.concurrent.each([
    ['registers', 'mdns'],
    ['registers without a link', 'mdns'],
    ['watches', 'mdns'],
    ['watches without a link', 'mdns'],
    ['browses', 'mdns'],
    ['browses types', 'mdns'],
    ['advertises', 'mdns'],
    ['keeps registered', 'mdns'],
    ['waits to pass its check', 'mdns'],
    ['advertises a server', 'mdns'],
    ['registers', 'memory'],
    ['watches', 'memory'],
  ])('whoever %s (%s)', async (what, registry) => {
    const started = start(what, registry)
    await started.line({ event: 'here' })
    await passed(LATER)
    expect(started.child.exitCode).toBeNull()
    await started.stop('SIGKILL')
  })
})

test.concurrent.each([
  'registers with ref: false',
  'keeps registered with ref: false',
  'lets go of the server it advertised',
  'closes the server it advertised',
])('whoever %s ends, once it is announced, with a goodbye', async (what) => {
  const name = uniqueName('linger')
  const kept = start(what, 'mdns', name)
  await kept.line({ event: 'here' })
  expect(await kept.ended).toMatchObject({ code: 0, stderr: '' })
  expect(await goodbyes.of(`${name}-1`, 1)).toBeGreaterThan(0)
})
