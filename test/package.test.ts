// The package as npm packs it: what is in it, what an installation weighs, and what a program loads that imports it.
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const MOST_PACKAGES = 8
const MOST_BYTES = 1_500_000
const run = promisify(execFile)

interface Locked {
  readonly dependencies?: Readonly<Record<string, string>>
}

const LOCKED: Readonly<Record<string, Locked>> = json('package-lock.json').packages
const ENTRIES: readonly string[] = Object.values<{ readonly default?: string }>(json('package.json').exports).flatMap(
  ({ default: path }) => (path === undefined ? [] : posix.normalize(path)),
)
const PROGRAMS = ['dist/cli/main.js', 'dist/cli/demo-service.js']

/** From the root of the project. */
let packed: ReadonlySet<string>
let unpackedBytes: number

beforeAll(async () => {
  // What is packed is what the other tests run: nothing is built anew while they do.
  const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: ROOT })
  const [{ files, unpackedSize }] = JSON.parse(stdout)
  packed = new Set(files.map(({ path }: { readonly path: string }) => path))
  unpackedBytes = unpackedSize
})

describe('what is installed', () => {
  test('without dev dependencies it is at most 8 packages and 1.5 MB', () => {
    const dependencies = [...installedWith('')]
    expect(dependencies).toContain('node_modules/eventemitter3')
    expect(1 + dependencies.length).toBeLessThanOrEqual(MOST_PACKAGES)
    const bytes = dependencies.map(bytesBelow).reduce((sum, each) => sum + each, unpackedBytes)
    expect(bytes).toBeLessThanOrEqual(MOST_BYTES)
  })

  test('it has every entry and program, and all that those and their types import', () => {
    const modules = [...packed].filter((path) => /\.(?:js|d\.ts)$/.test(path))
    expect(modules).toEqual(expect.arrayContaining([...ENTRIES, ...PROGRAMS]))
    expect(modules).toEqual(expect.arrayContaining(ENTRIES.map(typesOf)))
    expect(modules.flatMap((path) => neighboursOf(path).filter((target) => !packed.has(target)))).toEqual([])
  })

  test('it has nothing of what is built for test programs', () => {
    expect(readdirSync(`${ROOT}/dist`)).toContain('internals.js')
    expect([...packed].filter((path) => path.includes('internals'))).toEqual([])
  })
})

describe('what a program loads', () => {
  test.each([
    ['index', ['eventemitter3']],
    ['backend', ['eventemitter3']],
    ['contract', []],
    ['dnssd', ['eventemitter3']],
    ['multicast-dns', ['dns-packet', 'eventemitter3']],
    ['sim', ['dns-packet']],
  ])('%s loads no other package than it needs, and no module of the command line', (entry, packages) => {
    const { modules, others } = loadedBy(`dist/${entry}.js`)
    expect(modules.filter((path) => path.startsWith('dist/cli'))).toEqual([])
    expect(others.filter((name) => !name.startsWith('node:'))).toEqual(packages)
  })

  test('the command line does load what the entries are free of', () => {
    expect(loadedBy('dist/cli/main.js').others).toEqual(expect.arrayContaining(['commander', 'picocolors']))
  })

  test('each class is there once, whichever entry it comes from and however that was loaded', async () => {
    const { stdout } = await run(process.execPath, ['--no-warnings', '--eval', IDENTITY], { cwd: ROOT })
    expect(JSON.parse(stdout)).toEqual({ entries: true, required: true, backend: true, thrown: true })
  })
})

const IDENTITY = `
  const required = require('mdns-registry')
  async function main() {
    const [main, dnssd, backend] = await Promise.all(
      ['mdns-registry', 'mdns-registry/dnssd', 'mdns-registry/backend'].map((name) => import(name)),
    )
    main.registerBackend('none', () => new Map())
    let thrown
    try { backend.parseAddress('') } catch (error) { thrown = error }
    return {
      entries: main.RegistryError === dnssd.RegistryError,
      required: main.RegistryError === required.RegistryError,
      backend: required.createRegistry({ backend: 'none' }) !== undefined,
      thrown: thrown instanceof dnssd.RegistryError,
    }
  }
  main().then((found) => console.log(JSON.stringify(found)))
`

/** The folders of all that comes with a package, by the lock file. Nothing is nested, or it would not be found here. */
function installedWith(folder: string, found = new Set<string>()): ReadonlySet<string> {
  for (const name of Object.keys(LOCKED[folder]?.dependencies ?? {})) {
    const path = `node_modules/${name}`
    expect(Object.keys(LOCKED)).toContain(path)
    if (!found.has(path)) installedWith(path, found.add(path))
  }
  return found
}

function bytesBelow(folder: string): number {
  return readdirSync(posix.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => statSync(posix.join(ROOT, folder, path)))
    .reduce((sum, stats) => sum + (stats.isFile() ? stats.size : 0), 0)
}

/** All that loads with a module, and the packages among it. */
function loadedBy(path: string) {
  const modules = new Set([path])
  const others = new Set<string>()
  for (const each of modules) {
    for (const target of neighboursOf(each)) modules.add(target)
    for (const specifier of importsOf(each)) if (!specifier.startsWith('.')) others.add(specifier)
  }
  return { modules: [...modules], others: [...others].sort() }
}

/** The files of ours that a module, or types, import. */
function neighboursOf(path: string): readonly string[] {
  return importsOf(path)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => posix.join(posix.dirname(path), specifier))
    .map((target) => (path.endsWith('.d.ts') ? typesOf(target) : target))
}

function importsOf(path: string): readonly string[] {
  const text = readFileSync(posix.join(ROOT, path), 'utf8')
  const found = text.matchAll(/^(?:import|export|\}).*?\bfrom (["'])(.+?)\1|\bimport\(?\s*(["'])([^"'\n]+)\3/gm)
  return [...found].map(([, , from, , imported]) => from ?? imported ?? '')
}

function typesOf(path: string): string {
  return path.replace(/\.[jt]s$/, '.d.ts')
}

function json(path: string) {
  return JSON.parse(readFileSync(posix.join(ROOT, path), 'utf8'))
}
