// The command line among programs of go-micro, with `--registry go-micro`.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CliProcess, MAIN } from '../../cli/cli-process.ts'
import type { SiteHost } from '../../network/site-host.ts'
import { MAJORS, missing } from './go-micro.ts'
import { MicroLan } from './micro-lan.ts'
import type { Program } from './program.ts'
import { rich, toldByOurs } from './services.ts'

const OURS = '198.18.0.1'
const THEIRS = '198.18.0.2'

describe.skipIf(missing).concurrent.each(MAJORS)('the command line and go-micro %s', (major) => {
  const lan = new MicroLan()
  const started: CliProcess[] = []
  let ourHost: SiteHost
  let go: Program

  const run = (...words: readonly string[]) => {
    const process = new CliProcess([MAIN, '--registry', 'go-micro', '--json', ...words], ourHost.before)
    started.push(process)
    return process
  }

  beforeAll(async () => {
    ourHost = lan.host('ours', `${OURS}/24`)
    go = await lan.go(major, lan.host('theirs', `${THEIRS}/24`))
  })

  afterAll(async () => {
    await Promise.all(started.map((one) => one.stop('SIGKILL')))
    await lan.close()
  })

  test('get, list and watch tell what go-micro has registered, and when it leaves', async () => {
    const service = rich('go.micro.srv.users', { id: 'users-1', address: `${THEIRS}:8080` })
    const watch = run('watch', service.name)
    await go.register(service)
    await watch.line({ action: 'create', service: toldByOurs(service) })
    const [got, listed] = await Promise.all([run('get', service.name).ended, run('list').ended])
    expect(got).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(got.stdout)).toEqual(toldByOurs(service))
    expect(JSON.parse(listed.stdout)).toEqual(toldByOurs(service))
    await go.deregister(service)
    await watch.line({ action: 'delete', reason: 'goodbye' })
    expect(await watch.stop()).toMatchObject({ code: 0, stderr: '' })
  })

  test('register is got by go-micro until the process ends', async () => {
    await go.watch('cli')
    const register = run('register', 'cli', '--port', '80', '--id', 'cli-1', '--metadata', 'zone=café')
    await register.line({ event: 'registered' })
    const node = { id: 'cli-1', address: `${OURS}:80`, metadata: { zone: 'café' } }
    await go.gets('cli', [node], (services) => services.flatMap(({ nodes }) => nodes ?? []))
    await register.stop()
    await go.told(({ action }) => action === 'delete')
    await go.gets('cli', [])
  })
})
