// The grammar of the command line, without running anything.
import { afterEach, describe, expect, test, vi } from 'vitest'
import { exitCodeOf } from '../../src/cli/exit-code.ts'
import { createProgram } from '../../src/cli/program.ts'
import type { CommonOptions } from '../../src/cli/session.ts'

interface Parsed {
  /** The options of each verb that would have run. */
  readonly launched: readonly CommonOptions[]
  readonly code: number
  readonly errors: string
}

afterEach(() => vi.unstubAllEnvs())

async function parse(words: readonly string[]): Promise<Parsed> {
  const launched: CommonOptions[] = []
  let errors = ''
  const program = createProgram('1.2.3', async (options) => {
    launched.push(options)
  })
  const writeErr = (text: string) => {
    errors += text
  }
  for (const command of [program, ...program.commands]) command.configureOutput({ writeOut: () => {}, writeErr })
  try {
    await program.parseAsync(words, { from: 'user' })
    return { launched, code: 0, errors }
  } catch (error) {
    return { launched, code: exitCodeOf(error), errors: errors + String(error) }
  }
}

test.each([
  ['register', 'a', '--port', '1', '--id', 'a-1', '--service-version', '1', '--metadata', 'k=v', '--endpoint', 'E'],
  [
    'register',
    'a',
    '--address',
    '[2001:db8::1]:80',
    '--ttl',
    '5',
    '--interval',
    '2',
    '--metadata',
    'a=1',
    '--metadata',
    'b=2',
  ],
  ['get', 'a'],
  ['list'],
  ['watch'],
  ['watch', 'a'],
  ['advertise', 'Größe № 5', '_http._tcp', '80', 'path=/', 'flag', '--subtype', 'a', '--subtype', 'b', '--host', 'c'],
  ['browse', '_http._tcp', '--subtype', 'a', '-r', '-t'],
  ['browse', '_http._tcp', '--resolve', '--terminate'],
  ['resolve', 'Printer v1.2 (lab)', '_ipp._tcp'],
  ['lookup', 'box.local'],
  ['types'],
  ['demo'],
])('%s %s … takes the common options before and after the command', async (...words) => {
  const common = ['-i', 'lo', '--interface', '198.18.0.1', '--json', '--timeout', '250', '--registry', 'memory']
  common.push('--registry-address', '198.18.0.1:80, 198.18.0.2:80')
  const registryAddress = ['198.18.0.1:80', '198.18.0.2:80']
  const expected = { interface: ['lo', '198.18.0.1'], json: true, timeout: 250, registry: 'memory', registryAddress }
  for (const line of [words, [...common, ...words], [...words, ...common]]) {
    const { launched, code, errors } = await parse(line)
    expect({ code, errors }).toEqual({ code: 0, errors: '' })
    expect(launched).toEqual([line === words ? {} : expect.objectContaining(expected)])
  }
})

test('-4 and -6 choose links, except for lookup, where they choose addresses', async () => {
  expect((await parse(['list', '-4'])).launched).toEqual([{ ipv4: true }])
  expect((await parse(['-6', 'list'])).launched).toEqual([{ ipv6: true }])
  expect((await parse(['lookup', 'box.local', '-6'])).launched).toEqual([{}])
})

describe('the environment of go-micro', () => {
  test('is read where an option is not given, and counts for nothing where it is empty', async () => {
    vi.stubEnv('MICRO_REGISTRY', 'memory')
    vi.stubEnv('MICRO_REGISTRY_ADDRESS', '198.18.0.1:80')
    expect((await parse(['list'])).launched).toEqual([{ registry: 'memory', registryAddress: ['198.18.0.1:80'] }])
    expect((await parse(['list', '--registry', 'mdns'])).launched).toEqual([
      { registry: 'mdns', registryAddress: ['198.18.0.1:80'] },
    ])
    for (const name of ['MICRO_REGISTRY', 'MICRO_REGISTRY_ADDRESS']) vi.stubEnv(name, '')
    for (const name of ['MICRO_REGISTER_TTL', 'MICRO_REGISTER_INTERVAL']) vi.stubEnv(name, '')
    const { launched, code } = await parse(['register', 'a', '--port', '1'])
    expect({ launched, code }).toEqual({ launched: [{ registry: '', registryAddress: [] }], code: 0 })
  })

  test.each(['MICRO_REGISTER_TTL', 'MICRO_REGISTER_INTERVAL'])('%s that is none ends with 2', async (name) => {
    vi.stubEnv(name, '30s')
    const { launched, code, errors } = await parse(['register', 'a', '--port', '1'])
    expect({ launched, code }).toEqual({ launched: [], code: 2 })
    expect(errors).toContain(name)
  })
})

describe('what makes no sense ends with 2, says why, and runs nothing', () => {
  test.each([
    ['an unknown option', ['list', '--colour']],
    ['an option without its value', ['list', '-i']],
    ['a missing argument', ['get']],
    ['a superfluous argument', ['list', 'all']],
    ['a timeout that is none', ['list', '--timeout', 'soon']],
    ['a port that is none', ['register', 'a', '--port', 'http']],
    ['a port that is none', ['advertise', 'a', '_a._tcp', '70000']],
    ['neither port nor address', ['register', 'a']],
    ['two different ports', ['register', 'a', '--port', '1', '--address', 'b:2']],
    ['metadata without =', ['register', 'a', '--port', '1', '--metadata', 'a']],
    ['a TXT word without a key', ['advertise', 'a', '_a._tcp', '1', '=a']],
    ['a ttl of nothing', ['register', 'a', '--port', '1', '--ttl', '0']],
    ['an interval of nothing', ['register', 'a', '--port', '1', '--interval', '0']],
  ])('%s', async (_title, words) => {
    const { launched, code, errors } = await parse(words)
    expect({ launched, code }).toEqual({ launched: [], code: 2 })
    expect(errors).not.toBe('')
  })
})

test('--wire takes one wire format or both, and nothing else', async () => {
  const wireOf = async (text: string) => (await parse(['list', '--wire', text])).launched[0]?.wire
  expect(await wireOf('go-micro')).toEqual(['go-micro'])
  expect(await wireOf('go-micro, dns-sd')).toEqual(['dns-sd', 'go-micro'])
  for (const text of ['', 'etcd', 'dns-sd,etcd'])
    expect(await parse(['list', '--wire', text])).toMatchObject({ code: 2 })
})
