// The compose files that users start, each variant with somebody who looks on from where it is meant to be seen.
import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { CliProcesses } from '../cli/cli-process.ts'
import { ComposeProject } from './compose-project.ts'
import { sweep } from './engine.ts'
import { Lan } from './lan.ts'

const WITHIN = { timeout: 8000, interval: 50 }
const LAN_SUBNET = '198.18.49.0/24'
const LAN_HOST = '198.18.49.1/24'
const LAN_RANGE = '198.18.49.192/27'

const greeter = (address: string) => line('create', 'greeter', `${address}:8080`, 'language=en')
const clock = (address: string) => line('create', 'clock', `${address}:8081`)

/** As the watcher prints it, whatever node id was drawn. */
function line(action: string, service: string, address: string, ...rest: readonly string[]): RegExp {
  return new RegExp(`^${[action, service, 'latest', `${service}-[0-9a-f]{8}`, address, ...rest].join(' {2}')}$`)
}

/** These lines and no others; the first two in any order. */
function expectLines(lines: readonly string[], ...patterns: readonly RegExp[]): Promise<void> {
  return vi.waitFor(() => {
    const ordered = [...lines.slice(0, 2).sort().reverse(), ...lines.slice(2)]
    expect(ordered).toEqual(patterns.map((pattern) => expect.stringMatching(pattern)))
  }, WITHIN)
}

describe.skipIf(inject('engineMissing'))('docker/compose.yaml', () => {
  const cli = new CliProcesses()
  let project: ComposeProject

  afterEach(async () => {
    await cli.endAll()
    await project.down()
  })
  afterAll(sweep)

  test('on a bridge the watcher is told of both services, and of the goodbye of the one that is stopped', async () => {
    project = new ComposeProject(['test/docker/compose.addresses.yaml'])
    await project.up()
    const watched = await project.follow('watcher')
    const address = String.raw`198\.18\.48\.\d+`
    await expectLines(watched, greeter(address), clock(address))
    await project.stop('greeter')
    const goodbye = line('delete', 'greeter', `${address}:8080`, String.raw`language=en \(goodbye\)`)
    await expectLines(watched, greeter(address), clock(address), goodbye)
  })

  test('on the network of the host they see each other and a program of the host, and it sees them', async () => {
    project = new ComposeProject(['docker/compose.host.yaml'], { MDNS_REGISTRY_INTERFACES: 'lo' })
    await project.up()
    const address = String.raw`127\.0\.0\.1`
    await expectLines(await project.follow('watcher'), greeter(address), clock(address))
    for (const name of ['greeter', 'clock']) {
      expect(await cli.run(['get', name, '-i', 'lo'])).toMatchObject({ code: 0 })
    }
  })

  describe('on a LAN, by macvlan', () => {
    let lan: Lan
    beforeAll(() => {
      lan = new Lan(LAN_HOST)
    })
    afterAll(() => lan.delete())

    test('each has an address of the LAN, and another host of the LAN sees them', async () => {
      const environment = { LAN_INTERFACE: lan.interface, LAN_SUBNET, LAN_RANGE }
      project = new ComposeProject(['docker/compose.macvlan.yaml'], environment)
      await project.up()
      const address = String.raw`198\.18\.49\.(?:19[2-9]|2[01]\d|22[0-3])`
      await expectLines(await project.follow('watcher'), greeter(address), clock(address))
      const watcher = cli.start(['watch', '--json'], lan.before)
      await watcher.line({ action: 'create', service: { name: 'greeter' } })
      await watcher.line({ action: 'create', service: { name: 'clock' } })
      expect(watcher.lines).toHaveLength(2)
    })
  })
})
