// What every command has in common: usage errors, help, signals, pipes that close.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, describe, expect, test } from 'vitest'
import { CliProcesses, MAIN } from './cli-process.ts'
import { uniqueName } from './unique-name.ts'

const cli = new CliProcesses()
const LO = ['-i', 'lo', '--json']

afterAll(() => cli.endAll())

describe('usage', () => {
  test.concurrent.each([
    ['no command', []],
    ['an unknown command', ['doctors']],
    ['a service type that is none', ['browse', '_', ...LO]],
    ['an unknown backend', ['list', '--registry', 'nowhere', ...LO]],
    ['too much metadata', ['register', 'a', '--port', '1', '--metadata', `a=${random(20_000)}`, ...LO]],
  ])('%s ends with 2 and says why on stderr', async (_title, words) => {
    const { code, stdout, stderr } = await cli.run(words)
    expect(stdout).toBe('')
    expect(stderr).not.toBe('')
    expect(stderr).not.toContain('    at ')
    expect(code).toBe(2)
  })

  test.concurrent('help and version end with 0; the help of a command shows its JSON', async () => {
    const [help, browse, version] = await Promise.all([
      cli.run(['--help']),
      cli.run(['browse', '--help']),
      cli.run(['-V']),
    ])
    expect([help.code, browse.code, version.code]).toEqual([0, 0, 0])
    expect(help.stdout).toContain('Exit codes')
    expect(browse.stdout).toContain('"event":"up"')
    expect(browse.stdout).toContain('--interface')
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})

describe('the end', () => {
  test.concurrent.each(['SIGINT', 'SIGTERM'] as const)('%s ends every stream with 0', async (signal) => {
    const register = ['register', uniqueName('end'), '--port', '1']
    const running = [['watch'], ['browse', '_mdns-registry._tcp'], ['types'], register].map((words) =>
      cli.start([...words, ...LO]),
    )
    // What has printed something listens for signals.
    await Promise.all(running.map((one) => one.line({})))
    for (const ended of await Promise.all(running.map((one) => one.stop(signal)))) {
      expect(ended).toMatchObject({ code: 0, stderr: '' })
    }
  })

  test.concurrent('a reader that goes away ends it quietly, with 0', async () => {
    const child = spawn(process.execPath, [MAIN, 'register', uniqueName('head'), '--port', '1', '-i', 'lo'])
    let stderr = ''
    child.stderr.on('data', (chunk) => {
      stderr += String(chunk)
    })
    child.stdout.destroy()
    const [code] = await once(child, 'close')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })
})

test.concurrent('no usable interface ends with 3', async () => {
  const { code, stderr } = await cli.run(['list', '-i', 'no-such-interface'])
  expect(stderr).toContain('no-such-interface')
  expect(code).toBe(3)
})

test.concurrent('the demo shows create, update and delete, and ends with 0 in time', async () => {
  const { code, stdout } = await cli.run(['demo', '--json'])
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines.map((line) => line.action)).toEqual(['create', 'update', 'delete'])
  expect(lines[0].service.nodes[0].metadata).not.toEqual(lines[1].service.nodes[0].metadata)
  expect(lines[2].reason).toBe('goodbye')
  expect(code).toBe(0)
}, 15_000)

/** Text that does not compress to nothing. */
function random(length: number): string {
  let seed = 1
  const letter = () => {
    seed = (seed * 48_271) % 2_147_483_647
    return String.fromCharCode(33 + (seed % 90))
  }
  return Array.from({ length }, letter).join('')
}
