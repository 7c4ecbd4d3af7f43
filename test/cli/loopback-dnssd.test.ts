// The DNS-SD commands as processes of their own, on the loopback interface.
import { afterAll, expect, test } from 'vitest'
import { CliProcesses } from './cli-process.ts'
import { uniqueName } from './unique-name.ts'

const cli = new CliProcesses()
const LO = ['-i', 'lo', '--json']
const GOODBYE_WITHIN = 1500

afterAll(() => cli.endAll())

/** A service type of this test's own, at most 15 characters. */
function uniqueType(): string {
  return `_t${uniqueName('').replaceAll('-', '')}._tcp`
}

test.concurrent.each(['Printer v1.2 (lab)', 'Größe № 5'])(
  '%s is advertised, browsed and resolved unchanged',
  async (name) => {
    const type = uniqueType()
    const advertised = cli.start(['advertise', name, type, '631', 'rp=größe', 'color', '--subtype', 'laser', ...LO])
    expect(await advertised.line({ event: 'published' })).toEqual({ event: 'published', name, type, port: 631 })

    const txt = { rp: 'größe', color: true }
    const [plain, resolving, terminated, resolved] = await Promise.all([
      cli.start(['browse', type, ...LO]).line({ event: 'up' }),
      cli.start(['browse', '-r', type, '--subtype', 'laser', ...LO]).line({ event: 'up' }),
      cli.run(['browse', '-rt', type, ...LO]),
      cli.run(['resolve', name, type, ...LO]),
    ])
    expect(plain).toEqual({ event: 'up', name, type, domain: 'local' })
    expect(resolving).toMatchObject({ event: 'up', name, type, domain: 'local', port: 631, txt })
    expect(resolving.addresses).toContain('127.0.0.1')
    expect(terminated.code).toBe(0)
    expect(JSON.parse(terminated.stdout)).toMatchObject({ event: 'up', name, port: 631, txt })
    expect(resolved.code).toBe(0)
    expect(JSON.parse(resolved.stdout)).toMatchObject({ name, type, port: 631, txt })

    const host = String(resolving.host)
    const looked = await cli.run(['lookup', host, '-4', ...LO])
    expect(looked.code).toBe(0)
    expect(JSON.parse(looked.stdout)).toEqual({ host, address: '127.0.0.1', family: 4, interface: 'lo' })
  },
)

test.concurrent('a withdrawn instance goes down, with the reason', async () => {
  const [name, type] = ['Leaver', uniqueType()]
  const browser = cli.start(['browse', type, ...LO])
  const seen = cli.start(['types', ...LO])
  const advertised = cli.start(['advertise', name, type, '80', ...LO])
  await Promise.all([browser.line({ event: 'up', name }), seen.line({ event: 'up', type })])
  expect((await advertised.stop()).code).toBe(0)
  expect(await browser.line({ event: 'down' }, GOODBYE_WITHIN)).toMatchObject({ name, type, reason: 'goodbye' })
})

test.concurrent('a taken name is changed, and the change is told', async () => {
  const type = uniqueType()
  const first = cli.start(['advertise', 'Box', type, '80', ...LO])
  await first.line({ event: 'published', name: 'Box' })
  const second = cli.start(['advertise', 'Box', type, '81', '--host', 'other.local', ...LO])
  expect(await second.line({ event: 'renamed' })).toEqual({ event: 'renamed', from: 'Box', to: 'Box (2)' })
  await second.line({ event: 'published', name: 'Box (2)', port: 81 })
})

test.concurrent('what is not there ends with 1', async () => {
  const bound = ['--timeout', '400', ...LO]
  const ended = await Promise.all([
    cli.run(['browse', '-t', uniqueType(), ...bound]),
    cli.run(['browse', uniqueType(), ...bound]),
    cli.run(['resolve', 'Nobody', uniqueType(), ...bound]),
    cli.run(['lookup', `${uniqueName('nobody')}.local`, ...bound]),
  ])
  for (const one of ended) expect(one).toMatchObject({ code: 1, stdout: '' })
})
