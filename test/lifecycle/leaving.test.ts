// Goodbyes survive the end of a real process, however it ends.
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CliProcesses } from '../cli/cli-process.ts'
import { uniqueName } from '../cli/unique-name.ts'
import { Goodbyes } from './goodbyes.ts'

const LEAVE = fileURLToPath(new URL('leave.mjs', import.meta.url))

const processes = new CliProcesses()
let goodbyes: Goodbyes

beforeAll(async () => {
  goodbyes = await Goodbyes.open()
})
afterAll(async () => {
  await processes.endAll()
  goodbyes.close()
})

test.concurrent('`await close()`: two goodbyes are on the wire, 125 ms apart; no handle is left', async () => {
  const name = uniqueName('leave')
  const leaving = processes.script([LEAVE, 'await close()', name])
  const { after, left } = await leaving.line({ event: 'closed' })
  expect(await goodbyes.of(`${name}-1`, 2)).toBe(2)
  expect(after).toBeGreaterThan(120)
  // Half a second, and what a busy machine may add to it.
  expect(after).toBeLessThan(2000)
  expect(left).not.toContain('UDPWrap')
  expect(left).not.toContain('Timeout')
  expect(await leaving.ended).toMatchObject({ code: 0, stderr: '' })
})

test.concurrent.each(['SIGINT', 'SIGTERM'] as const)(
  '%s: two goodbyes, and the end is by the signal',
  async (signal) => {
    const name = uniqueName('leave')
    const leaving = processes.script([LEAVE, 'a signal', name])
    await leaving.line({ event: 'here' })
    expect(await leaving.stop(signal)).toMatchObject({ code: null, stderr: '' })
    expect(leaving.child.signalCode).toBe(signal)
    expect(await goodbyes.of(`${name}-1`, 2)).toBe(2)
  },
)

test.concurrent('SIGTERM in a program that listens for it: goodbyes, and the end is its own', async () => {
  const name = uniqueName('leave')
  const leaving = processes.script([LEAVE, 'a signal that the program listens for', name])
  await leaving.line({ event: 'here' })
  expect(await leaving.stop('SIGTERM')).toMatchObject({ code: 7, stderr: '' })
  expect(await goodbyes.of(`${name}-1`, 1)).toBeGreaterThan(0)
})

test.concurrent.each([
  ['close(), then process.exit()', 1, 3],
  ['process.exit()', 1, 3],
  ['process.exit() in a listener', 2, 3],
  ['close(), then process.exit() in a listener', 2, 3],
  ['an uncaught error', 1, 1],
  ['an unhandled rejection', 1, 1],
])('%s: a goodbye is on the wire', async (how, instances, exit) => {
  const name = uniqueName('leave')
  const { code } = await processes.script([LEAVE, how, name]).ended
  for (let instance = 1; instance <= instances; instance += 1) {
    expect(await goodbyes.of(`${name}-${instance}`, 1), `${name}-${instance}`).toBeGreaterThan(0)
  }
  expect(code).toBe(exit)
})
