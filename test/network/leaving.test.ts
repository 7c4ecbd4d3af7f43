// Goal 8: of many processes that end in different ways, every one is heard to say goodbye.
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CliProcesses } from '../cli/cli-process.ts'
import { uniqueName } from '../cli/unique-name.ts'
import { Goodbyes } from '../lifecycle/goodbyes.ts'

const LEAVE = fileURLToPath(new URL('../lifecycle/leave.mjs', import.meta.url))
const TIMES = 25
const AT_A_TIME = 5
const LIMIT = { timeout: 120_000 }

const processes = new CliProcesses()
let goodbyes: Goodbyes

beforeAll(async () => {
  goodbyes = await Goodbyes.open()
})
afterAll(async () => {
  await processes.endAll()
  goodbyes.close()
})

test.each([
  { how: 'await close()', instance: 1, least: 2 },
  { how: 'close(), then process.exit()', instance: 1, least: 1 },
  { how: 'process.exit() in a listener', instance: 2, least: 1 },
  { how: 'an uncaught error', instance: 1, least: 1 },
  { how: 'a signal', instance: 1, least: 2 },
])(`goal 8: ${TIMES} processes leave by $how: $least goodbyes each`, LIMIT, async ({ how, instance, least }) => {
  const waiting = Array.from({ length: TIMES }, () => uniqueName('leave'))
  const counts: number[] = []
  const leaveOneByOne = async () => {
    for (let name = waiting.pop(); name; name = waiting.pop()) {
      await leave(how, name)
      counts.push(await goodbyes.of(`${name}-${instance}`, least))
    }
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, leaveOneByOne))
  expect(counts).toHaveLength(TIMES)
  expect(Math.min(...counts)).toBeGreaterThanOrEqual(least)
})

async function leave(how: string, name: string): Promise<void> {
  const leaving = processes.script([LEAVE, how, name])
  if (how === 'a signal') {
    await leaving.line({ event: 'here' })
    leaving.child.kill('SIGTERM')
  }
  await leaving.ended
}
