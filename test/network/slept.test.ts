// A process that stood still for half a minute, as in a machine that slept or a container that was paused.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { CliProcesses } from '../cli/cli-process.ts'
import { type NamespaceHost, Namespaces } from './cli-namespaces.ts'
import { passed } from './observer.ts'

const ASLEEP = 32_000
/** Ten seconds to be heard again, and two looks at the clocks. */
const NOTICED_WITHIN = 13_000

const namespaces = new Namespaces()
const cli = new CliProcesses()
let left: NamespaceHost
let right: NamespaceHost

beforeAll(() => {
  ;[left, right] = namespaces.pair()
})
afterEach(() => cli.endAll())
afterAll(() => namespaces.deleteAll())

async function register(name: string, host: NamespaceHost) {
  const registered = cli.start(['register', name, '--port', '1', '--id', `${name}-1`, '--json'], host.before)
  await registered.line({ event: 'registered' })
  return registered
}

test('goal 47: it knows within seconds what died meanwhile, loses nothing that lives, and keeps its name', async () => {
  const watcher = cli.start(['watch', '--json'], left.before)
  const sleeper = await register('sleeper', left)
  const mortal = await register('mortal', right)
  const alive = await register('alive', right)
  const witness = cli.start(['watch', '--json'], right.before)
  for (const name of ['sleeper', 'mortal', 'alive']) {
    await watcher.line({ action: 'create', service: { name } })
    await witness.line({ action: 'create', service: { name } })
  }

  for (const { child } of [watcher, sleeper]) child.kill('SIGSTOP')
  await mortal.stop('SIGKILL')
  await passed(Date.now() + ASLEEP)
  for (const { child } of [watcher, sleeper]) child.kill('SIGCONT')

  const gone = await watcher.line({ action: 'delete' }, NOTICED_WITHIN)
  expect(gone).toMatchObject({ reason: 'expired', service: { name: 'mortal' } })
  await passed(Date.now() + 5_000)
  expect(watcher.lines.filter(({ action }) => action !== 'create')).toHaveLength(1)
  expect(witness.lines.filter(({ service }) => /sleeper|alive/.test(JSON.stringify(service)))).toHaveLength(2)
  for (const one of [sleeper, alive]) {
    expect(one.lines).toHaveLength(1)
    expect((await one.stop()).stderr).toBe('')
  }
})
