// A process whose event loop is stuck, on a busy wire with services of a short life.
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { CliProcesses } from '../cli/cli-process.ts'
import { type NamespaceHost, Namespaces } from './cli-namespaces.ts'

const SERVICES = 200
const TTL = 6
const STALL = 5000
const PER_SECOND = 1000
/** Seconds; it is over before the watcher is. */
const FLOOD = 7
const DEADLINE = 30_000

const namespaces = new Namespaces()
const cli = new CliProcesses()
let left: NamespaceHost
let right: NamespaceHost

beforeAll(() => {
  ;[left, right] = namespaces.pair()
})
afterEach(() => cli.endAll())
afterAll(() => namespaces.deleteAll())

const script = (file: string) => fileURLToPath(new URL(file, import.meta.url))

test('goal 21: stuck for 5 s among 1,000 packets a second, it takes none of 200 services for gone', async () => {
  const services = cli.script([script('short-lived.mjs'), `${SERVICES}`, `${TTL}`], left.before)
  await services.line({ event: 'advertised' }, DEADLINE)
  const watcher = cli.script([script('stalled-watcher.mjs'), `${SERVICES}`, `${STALL}`], right.before)
  const { receiveBuffer } = await watcher.line({ event: 'watching' }, DEADLINE)
  cli.script([script('flood.mjs'), '198.18.0.1', `${PER_SECOND}`, `${FLOOD}`], left.before)

  const over = await watcher.line({ event: 'over' }, DEADLINE)
  expect(over).toMatchObject({ up: SERVICES, downs: 0 })
  expect(over.stalled).toBeGreaterThan(1000)
  // What the operating system has room for depends on the machine; what it kept is read.
  if (Number(receiveBuffer) >= 4_000_000) expect(over.read).toBeGreaterThan(0.95 * FLOOD * PER_SECOND)
  expect((await watcher.ended).stderr).toBe('')
}, 90_000)
