// Every example and the code of the README run as they are, on the loopback interface, against the built package.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { contract } from '../../src/contract.ts'
import { until } from '../cli/cli-process.ts'
import { uniqueName } from '../cli/unique-name.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const DEADLINE = 8000
const running = new Set<ChildProcess>()

afterAll(() => {
  for (const child of running) child.kill('SIGKILL')
})

interface Run {
  readonly child: ChildProcess
  readonly ended: Promise<{ readonly code: number | null; readonly output: string; readonly errors: string }>
  readonly output: () => string
}

function run(words: readonly string[], more: NodeJS.ProcessEnv = {}): Run {
  const env = { ...process.env, MDNS_REGISTRY_INTERFACES: 'loopback', ...more }
  const child = spawn(process.execPath, words, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  let errors = ''
  running.add(child)
  child.stdout.on('data', (chunk) => {
    output += String(chunk)
  })
  child.stderr.on('data', (chunk) => {
    errors += String(chunk)
  })
  const ended = once(child, 'close').then(([code]) => {
    running.delete(child)
    return { code, output, errors }
  })
  return { child, ended, output: () => output }
}

async function says(started: Run, text: string): Promise<void> {
  const said = await until(() => started.output().includes(text) || undefined, DEADLINE)
  expect(said, `${text} in ${started.output()}`).toBe(true)
}

/** The blocks of JavaScript in the README, in order. */
function readmeCode(): readonly string[] {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  return [...readme.matchAll(/```js\n(.*?)```/gs)].map(([, code = '']) => code)
}

test.concurrent('README: the ten lines register a node and see it', async () => {
  const [code = ''] = readmeCode()
  expect(code.trimEnd().split('\n').filter(Boolean)).toHaveLength(8)
  const name = uniqueName('readme')
  const { ended } = run(['--input-type=module', '-e', code.replaceAll('greeter', name)])
  expect(await ended).toEqual({ code: 0, output: `create ${name} 1.0.0 127.0.0.1:8080\n`, errors: '' })
})

test.concurrent('README: the DNS-SD lines advertise an instance and see it', async () => {
  const code = readmeCode().find((block) => block.includes('mdns-registry/dnssd')) ?? ''
  const type = `_r${process.pid}._tcp`
  const { ended } = run(['--input-type=module', '-e', code.replaceAll('_http._tcp', type)])
  const { code: exit, output, errors } = await ended
  expect({ exit, errors }).toEqual({ exit: 0, errors: '' })
  expect(output).toMatch(/^up Große Karte .*80/)
})

test.concurrent('README: the lines beside bonjour-service share its socket', async () => {
  const code = readmeCode().find((block) => block.includes('mdns-registry/multicast-dns')) ?? ''
  const name = uniqueName('beside')
  const onLoopback = code.replaceAll('{ socket }', "{ socket, interface: '127.0.0.1', bind: '0.0.0.0' }")
  const rest = `
    await registry.register({ name: '${name}', nodes: [{ id: '${name}', address: ':80' }] })
    bonjour.find({ type: 'mdns-registry' }, async (service) => {
      if (service.name !== '${name}') return
      console.log('found', service.port)
      await registry.close()
      bonjour.destroy()
    })`
  const { ended } = run(['--input-type=module', '-e', onLoopback + rest])
  expect(await ended).toEqual({ code: 0, output: 'found 80\n', errors: '' })
})

test.concurrent('README: the lines on servers register one where it listens, and end with it', async () => {
  const code = readmeCode().find((block) => block.includes('advertise(server')) ?? ''
  expect(code.trimEnd().split('\n').filter(Boolean).length).toBeLessThanOrEqual(10)
  const free = code.replace('listen(8080)', 'listen(0)').replaceAll('greeter', uniqueName('server'))
  const { code: exit, output, errors } = await run(['--input-type=module', '-e', free]).ended
  expect({ exit, errors }).toEqual({ exit: 0, errors: '' })
  expect(output).toMatch(/^:\d+ http\n$/)
})

test.concurrent('README: the lines on choosing a node choose one', async () => {
  const code = readmeCode().find((block) => block.includes('createSelector(registry')) ?? ''
  expect(code.trimEnd().split('\n').filter(Boolean).length).toBeLessThanOrEqual(10)
  const { ended } = run(['--input-type=module', '-e', code.replaceAll('greeter', uniqueName('choice'))])
  expect(await ended).toEqual({ code: 0, output: '127.0.0.1:8080\n', errors: '' })
})

test.concurrent('http-server.mjs is called by client.mjs, and leaves by a signal', async () => {
  const serving = run(['examples/http-server.mjs'])
  await says(serving, 'registered greeter-')
  const { code, output, errors } = await run(['examples/client.mjs']).ended
  expect({ code, errors }).toEqual({ code: 0, errors: '' })
  expect(output.trimEnd().split('\n')).toHaveLength(5)
  expect(output).toContain('says: Hello')
  serving.child.kill('SIGINT')
  expect(await serving.ended).toMatchObject({ errors: '' })
})

test.concurrent('bonjour-service.mjs finds its own page and that of bonjour-service, by both', async () => {
  const sharing = run(['examples/bonjour-service.mjs', '127.0.0.1'])
  for (const name of ['Our page', 'Their page']) {
    await says(sharing, `bonjour-service finds ${name}`)
    await says(sharing, `mdns-registry up ${name}`)
  }
  sharing.child.kill('SIGINT')
  expect(await sharing.ended).toMatchObject({ code: 0, errors: '' })
})

test.concurrent('quickstart.mjs registers a web server, finds it and calls it', async () => {
  const { code, output, errors } = await run(['examples/quickstart.mjs']).ended
  expect({ code, errors }).toEqual({ code: 0, errors: '' })
  expect(output).toContain('it says: Hello!')
})

test.concurrent('watch.mjs prints what comes and goes', async () => {
  const watching = run(['examples/watch.mjs', 'greeter'])
  const serving = run(['examples/quickstart.mjs'])
  await says(watching, 'create greeter 1.0.0')
  await serving.ended
  await says(watching, 'goodbye')
  watching.child.kill('SIGINT')
  expect(await watching.ended).toMatchObject({ code: 0, errors: '' })
})

test.concurrent('browse.mjs sees its own page', async () => {
  const browsing = run(['examples/browse.mjs'])
  await says(browsing, 'up Example page')
  browsing.child.kill('SIGINT')
  expect(await browsing.ended).toMatchObject({ code: 0, errors: '' })
})

test.concurrent('simulated-lan.test.mjs passes under node --test, in no time', async () => {
  const { code, output } = await run(['--test', 'examples/simulated-lan.test.mjs']).ended
  expect(output).toContain('# fail 0')
  expect(output).not.toContain('# pass 0')
  expect(code).toBe(0)
})

test.concurrent('file-backend.test.mjs passes under node --test: a backend of its own, by the contract', async () => {
  const { code, output } = await run(['--test', 'examples/file-backend.test.mjs']).ended
  expect(output).toContain('# fail 0')
  expect(Number(/^# pass (\d+)$/m.exec(output)?.[1])).toBeGreaterThan(contract.length)
  expect(code).toBe(0)
})

test.concurrent('file-backend.mjs carries a program that knows nothing of it', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'file-backend-'))
  const env = { MICRO_REGISTRY: 'file', MICRO_REGISTRY_ADDRESS: join(directory, 'nodes') }
  const { code, output } = await run(['--import', './examples/file-backend.mjs', 'examples/quickstart.mjs'], env).ended
  expect(output).toContain('it says: Hello!')
  expect(code).toBe(0)
  expect(readdirSync(join(directory, 'nodes'))).toEqual([])
  rmSync(directory, { recursive: true })
})

test('docs/backends.md shows the example as it is', () => {
  const page = readFileSync(new URL('../../docs/backends.md', import.meta.url), 'utf8')
  const blocks = [...page.matchAll(/```js\n(.*?)```/gs)].map(([, code = '']) => code)
  const sources = ['file-backend.mjs', 'file-backend.test.mjs'].map((name) =>
    readFileSync(new URL(`../../examples/${name}`, import.meta.url), 'utf8'),
  )
  expect(blocks.length).toBeGreaterThan(3)
  for (const block of blocks) expect(sources.join('\n')).toContain(block)
})
