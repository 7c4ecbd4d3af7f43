// The registry commands as processes of their own, on the loopback interface.
import { afterAll, expect, test } from 'vitest'
import { CliProcesses } from './cli-process.ts'
import { uniqueName } from './unique-name.ts'

const cli = new CliProcesses()
const LO = ['-i', 'lo', '--json']
const GOODBYE_WITHIN = 1500

afterAll(() => cli.endAll())

test.concurrent('register, get, list and watch tell the same story, down to the goodbye', async () => {
  const name = uniqueName('story')
  const watcher = cli.start(['watch', name, ...LO])
  const words = ['--port', '8080', '--id', `${name}-1`, '--service-version', '1.2.0', '--endpoint', 'Greeter.Hello']
  const registered = cli.start(['register', name, ...words, '--metadata', 'team=a', '--metadata', 'note=x=y ü', ...LO])

  const node = { id: `${name}-1`, metadata: { team: 'a', note: 'x=y ü' } }
  expect(await registered.line({ event: 'registered' })).toMatchObject({ event: 'registered', service: name, node })
  const created = await watcher.line({ action: 'create' })
  expect(created).toMatchObject({ service: { name, version: '1.2.0', nodes: [node] } })

  const found = await cli.run(['get', name, ...LO])
  expect(found.code).toBe(0)
  expect(JSON.parse(found.stdout)).toMatchObject({
    name,
    version: '1.2.0',
    endpoints: [{ name: 'Greeter.Hello' }],
    nodes: [node],
  })
  const listed = await cli.run(['list', ...LO])
  expect(listed.code).toBe(0)
  expect(listed.stdout.split('\n').filter((line) => line.includes(name))).toHaveLength(1)

  const stopped = performance.now()
  const ended = registered.stop()
  const deleted = await watcher.line({ action: 'delete' }, GOODBYE_WITHIN)
  expect(performance.now() - stopped).toBeLessThan(GOODBYE_WITHIN)
  expect(deleted).toMatchObject({ action: 'delete', reason: 'goodbye', service: { name, nodes: [node] } })
  expect((await ended).code).toBe(0)
  expect((await watcher.stop('SIGINT')).code).toBe(0)
})

test.concurrent('without --json get prints plain lines when it is piped', async () => {
  const name = uniqueName('plain')
  const registered = cli.start(['-i', 'lo', '--json', 'register', name, '--port', '81', '--metadata', 'a=\u001b[31m'])
  await registered.line({ event: 'registered' })
  const { code, stdout } = await cli.run(['get', name, '-i', 'lo'], [], { CI: 'true', FORCE_COLOR: '1' })
  expect(code).toBe(0)
  expect(stdout).toContain('a=\\u001b[31m')
  expect(stdout).toMatch(/^[\x20-\x7e]+\n$/)
})

test.concurrent('a ttl is renewed for as long as the process lives', async () => {
  const name = uniqueName('renewed')
  const watcher = cli.start(['watch', name, ...LO])
  const registered = cli.start(['register', name, '--port', '82', '--ttl', '3', ...LO])
  await registered.line({ event: 'registered' })
  await watcher.line({ action: 'create' })
  await new Promise((resolve) => setTimeout(resolve, 4500))
  expect(watcher.lines.filter((line) => line.action === 'delete')).toEqual([])
  await registered.stop()
  await watcher.line({ action: 'delete' }, GOODBYE_WITHIN)
})

test.concurrent('MICRO_REGISTER_TTL is how long it is remembered after its process was killed', async () => {
  const name = uniqueName('killed')
  const watcher = cli.start(['watch', name, ...LO])
  const words = ['register', name, '--port', '83', ...LO]
  const registered = cli.start(words, [], { MICRO_REGISTER_TTL: '3', MICRO_REGISTER_INTERVAL: '1' })
  await registered.line({ event: 'registered' })
  await watcher.line({ action: 'create' })
  await registered.stop('SIGKILL')
  expect(await watcher.line({ action: 'delete' })).toMatchObject({ reason: 'expired' })
})

test.concurrent('an id that is taken ends with 1, an interval beyond the ttl with 2, and both say why', async () => {
  const name = uniqueName('taken')
  const words = ['register', name, '--id', name, '--port', '84', ...LO]
  const first = cli.start(words)
  await first.line({ event: 'registered' })
  const [second, third] = await Promise.all([
    cli.run([...words, '--address', '198.18.0.1:84']),
    cli.run([...words, '--ttl', '5', '--interval', '6']),
  ])
  expect(second).toMatchObject({ code: 1, stdout: '' })
  expect(second.stderr).toContain(name)
  expect(third).toMatchObject({ code: 2, stdout: '' })
  expect(third.stderr).toContain('interval')
})

test.concurrent('what is not there ends with 1, after the timeout and not before', async () => {
  const started = performance.now()
  const [got, watched] = await Promise.all([
    cli.run(['get', uniqueName('absent'), '--timeout', '400', ...LO]),
    cli.run(['watch', uniqueName('absent'), '--timeout', '400', ...LO]),
  ])
  expect(performance.now() - started).toBeGreaterThan(400)
  expect(got).toMatchObject({ code: 1, stdout: '' })
  expect(got.stderr).toContain('absent')
  expect(watched).toEqual({ code: 1, stdout: '', stderr: '' })
})
