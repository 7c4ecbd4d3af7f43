// Many services in one process, seen from another host: all are found, and no datagram is larger than it should be.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { CliProcesses, type Line, until } from '../cli/cli-process.ts'
import { type NamespaceHost, Namespaces } from './cli-namespaces.ts'

const SERVICES = 300
/** What the design allows on IPv4; a packet on the wire is then at most 1,280 bytes. */
const LARGEST_DATAGRAM = 1252
const DEADLINE = 30_000

const namespaces = new Namespaces()
const cli = new CliProcesses()
const scripts: Script[] = []
let left: NamespaceHost
let right: NamespaceHost

beforeAll(() => {
  ;[left, right] = namespaces.pair()
})

afterEach(async () => {
  await Promise.all([cli.endAll(), ...scripts.splice(0).map((script) => script.stop('SIGKILL'))])
})
afterAll(() => namespaces.deleteAll())

test('RFC 6762 §17: 300 services are all found by another host, in datagrams that fit the wire', async () => {
  const sizes = start(right, 'datagram-sizes.mjs')
  await sizes.line('listening')
  const watcher = cli.start(['watch', '--json'], right.before)
  const many = start(left, 'many-services.mjs', `${SERVICES}`)
  await many.line('registered')

  const created = await until(() => atLeast(SERVICES, namesOf(watcher.lines)), DEADLINE)
  expect(created?.size).toBe(SERVICES)
  const late = cli.start(['watch', '--json'], right.before)
  const found = await until(() => atLeast(SERVICES, namesOf(late.lines)), DEADLINE)
  expect(found?.size).toBe(SERVICES)
  expect(watcher.lines.filter((line) => line.action !== 'create')).toEqual([])

  expect((await many.stop('SIGTERM')).stderr).toBe('')
  const { lines } = await sizes.stop('SIGTERM')
  const { datagrams, largest } = JSON.parse(lines.at(-1) ?? '{}')
  expect(datagrams).toBeGreaterThan(10)
  expect(largest).toBeLessThanOrEqual(LARGEST_DATAGRAM)
}, 90_000)

function namesOf(lines: readonly Line[]): ReadonlySet<unknown> {
  return new Set(lines.map((line) => (line.service as { readonly name: string }).name))
}

function atLeast<T>(wanted: number, found: ReadonlySet<T>): ReadonlySet<T> | undefined {
  return found.size >= wanted ? found : undefined
}

interface Script {
  /** Resolves when this line has been printed. */
  line(text: string): Promise<void>
  stop(signal: NodeJS.Signals): Promise<{ readonly lines: readonly string[]; readonly stderr: string }>
}

function start(host: NamespaceHost, file: string, ...words: readonly string[]): Script {
  const path = fileURLToPath(new URL(file, import.meta.url))
  const [command = '', ...before] = host.before
  const child = spawn(command, [...before, process.execPath, path, ...words], { stdio: ['ignore', 'pipe', 'pipe'] })
  const lines: string[] = []
  let stderr = ''
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line))
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk)
  })
  const closed = once(child, 'close')
  const script: Script = {
    line: async (text) => {
      if ((await until(() => lines.find((line) => line === text), DEADLINE)) === undefined) {
        throw new Error(`${file} has not said '${text}': ${stderr}`)
      }
    },
    stop: async (signal) => {
      child.kill(signal)
      await closed
      return { lines, stderr }
    },
  }
  scripts.push(script)
  return script
}
