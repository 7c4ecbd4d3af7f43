// A host on which another program has port 5353 to itself: what can be done meanwhile, and once that program has ended.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { CliProcesses } from '../cli/cli-process.ts'
import { type NamespaceHost, Namespaces } from './cli-namespaces.ts'

const HOLDER = fileURLToPath(new URL('exclusive-holder.mjs', import.meta.url))
/** It is tried every 30 seconds. */
const FREE_WITHIN = 35_000

const namespaces = new Namespaces()
const cli = new CliProcesses()
const holders: ChildProcess[] = []
let free: NamespaceHost
let held: NamespaceHost

beforeAll(() => {
  ;[free, held] = namespaces.pair()
})
afterEach(async () => {
  for (const holder of holders.splice(0)) holder.kill('SIGKILL')
  await cli.endAll()
})
afterAll(() => namespaces.deleteAll())

async function hold(): Promise<ChildProcess> {
  const [command = '', ...before] = held.before
  const holder = spawn(command, [...before, process.execPath, HOLDER], { stdio: ['ignore', 'pipe', 'ignore'] })
  holders.push(holder)
  if (holder.stdout) await once(holder.stdout, 'data')
  return holder
}

test('goal 51: it finds others at once, says what is wrong, and is found within 35 s of a free port', async () => {
  const holder = await hold()
  const far = cli.start(['register', 'far', '--port', '1', '--id', 'far-1', '--json', '-4'], free.before)
  await far.line({ event: 'registered' })
  const watcher = cli.start(['watch', '--json', '-4'], free.before)

  const { code, stdout } = await cli.run(['get', 'far', '--json', '-4'], held.before)
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ name: 'far', nodes: [{ id: 'far-1', address: '198.18.0.1:1' }] })
  const near = cli.start(['register', 'near', '--port', '2', '--id', 'near-1', '--json', '-4'], held.before)
  await near.line({ event: 'registered' })

  holder.kill('SIGTERM')
  await once(holder, 'close')
  const seen = await watcher.line({ action: 'create', service: { name: 'near' } }, FREE_WITHIN)
  expect(seen).toMatchObject({ service: { nodes: [{ address: '198.18.0.2:2' }] } })
  const { stderr } = await near.stop()
  expect(stderr.match(/UDP port 5353 is held by a program that does not share it/g)).toHaveLength(1)
})

test('a service that goes while the port is held is noticed when its answers of ten seconds have run out', async () => {
  await hold()
  const far = cli.start(['register', 'far', '--port', '1', '--id', 'far-1', '--json', '-4'], free.before)
  await far.line({ event: 'registered' })
  const watcher = cli.start(['watch', 'far', '--json', '-4'], held.before)
  await watcher.line({ action: 'create' })
  await far.stop()
  await watcher.line({ action: 'delete' }, 15_000)
  expect(watcher.lines.map(({ action }) => action)).toEqual(['create', 'delete'])
})
