import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { seededRandom } from '../../src/sim/random.ts'
import { corpus } from './corpus.ts'
import { mutate } from './mutate.ts'
import { Victim } from './victim.ts'

/** `FUZZ_SECONDS`: how long it goes on; `FUZZ_SEED` and `FUZZ_ROUND`: the one round that is to be seen again. */
const { FUZZ_SECONDS = '3', FUZZ_SEED = '1', FUZZ_ROUND } = process.env
const INPUTS = 200
const MOST_GROWTH = 50 * 2 ** 20
/** Rounds after which the code is compiled and the pools are full. */
const WARM = 10

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

function held(): number {
  collect()
  return process.memoryUsage().heapUsed
}

/** Depends on nothing but its number and the seed. */
async function play(round: number, datagrams: readonly Uint8Array[]): Promise<void> {
  const random = seededRandom(Number(FUZZ_SEED), round)
  const victim = new Victim(random)
  for (let input = 0; input < INPUTS; input++) {
    const bytes = mutate(random, datagrams)
    try {
      victim.feed(bytes)
    } catch (error) {
      const hex = Buffer.from(bytes).toString('hex')
      throw new Error(`FUZZ_SEED=${FUZZ_SEED} FUZZ_ROUND=${round}, input ${input}: ${hex}`, { cause: error })
    }
  }
  await victim.close().catch((error: unknown) => {
    throw new Error(`FUZZ_SEED=${FUZZ_SEED} FUZZ_ROUND=${round}, at the end`, { cause: error })
  })
}

test('goal 4: mutated datagrams do a whole host no harm', { timeout: 3_600_000 }, async () => {
  const datagrams = corpus()
  const first = Number(FUZZ_ROUND ?? 0)
  const end = performance.now() + 1_000 * Number(FUZZ_SECONDS)
  let round = first
  let before = Number.POSITIVE_INFINITY
  do {
    await play(round, datagrams)
    round++
    if (round === first + WARM) before = held()
  } while (FUZZ_ROUND === undefined && performance.now() < end)
  console.info(`FUZZ_SEED=${FUZZ_SEED}: ${round - first} rounds of ${INPUTS} datagrams`)
  expect(held() - before).toBeLessThan(MOST_GROWTH)
})
