// What users expect of a registry on a real network, a row each: ours has to do all of it, and in time. Other libraries
// do the same beside it; what comes of that is printed, not judged.
import { afterAll, describe, expect, test } from 'vitest'
import { type Crowd, hundreds, threeHundred } from './acceptance/crowd-rows.ts'
import { DNSSD, type Library, OURS, PEERS, versionOf } from './acceptance/library.ts'
import { fiftyActive, killed, TTL, unpublished } from './acceptance/life-rows.ts'
import { inVeth, lateLink, noNetwork, readdressed, twoLinks } from './acceptance/link-rows.ts'
import { browsedName, browsedNameOf, NAME, publishedName, sameName, sharedHost } from './acceptance/name-rows.ts'
import { NOT_INSTALLED, Outcomes } from './acceptance/outcomes.ts'
import type { Row } from './acceptance/row.ts'
import { Stage } from './acceptance/stage.ts'

const ROWS = [
  publishedName,
  browsedName,
  killed,
  unpublished,
  lateLink,
  readdressed,
  twoLinks,
  hundreds,
  threeHundred,
  sameName,
  sharedHost,
  fiftyActive,
  inVeth,
  noNetwork,
] as readonly Row<unknown>[]

/** What the design allows on IPv4; a packet on the wire is then at most 1,280 bytes. */
const LARGEST_DATAGRAM = 1252
const EXPERIMENT_WITHIN = 60_000
const SPREAD = 5

const columns = [OURS, ...PEERS].map((library) => [library, `${library.name} ${versionOf(library) ?? ''}`] as const)
const outcomes = new Outcomes(ROWS, new Map(columns))

afterAll(() => console.log(`\n${outcomes}\n`))

describe('ours', () => {
  test.concurrent('an instance name is published as it was given', async () => {
    expect(await ours(publishedName)).toEqual([NAME])
  })

  test.concurrent('an instance name is listed as it was published', async () => {
    expect(await ours(browsedName)).toEqual({ name: NAME, type: 'ipp' })
  })

  test.concurrent('what dnssd publishes is listed as it was given', async () => {
    if (isMissing(DNSSD)) return
    const { seen, troubles } = await Stage.observe(browsedNameOf(DNSSD), OURS)
    expect(seen).toEqual({ name: NAME, type: 'ipp' })
    expect(troubles).toEqual([])
  })

  test.concurrent('a publisher that was killed is down when its records have run out', async () => {
    const { downAfter, reason } = await ours(killed)
    expect(reason).toBe('expired')
    expect(downAfter).toBeGreaterThan((TTL - 0.5) * 1000)
    expect(downAfter).toBeLessThan((TTL + 4) * 1000)
  })

  test.concurrent('a publisher that gets SIGTERM is down at once', async () => {
    const { downAfter, reason } = await ours(unpublished)
    expect(reason).toBe('goodbye')
    expect(downAfter).toBeLessThan(1500)
  })

  test.concurrent('a browser whose link comes up late finds a publisher that says nothing by itself', async () => {
    expect(await ours(lateLink)).toBeLessThan(5000)
  })

  test.concurrent('an address that changed is replaced at the browser within 3 seconds', async () => {
    const { found, newAfter, oldGoneAfter } = await ours(readdressed)
    expect(found).toBe(true)
    expect(newAfter).toBeLessThan(3000)
    expect(oldGoneAfter).toBeLessThan(3000)
  })

  test.concurrent('each of two links is answered, and told the addresses that the publisher has there', async () => {
    for (const { answered, told, own } of await ours(twoLinks)) {
      expect(answered).toBe(true)
      expect(told).toEqual(own)
    }
  })

  test.concurrent('100 and 250 services of one type go out in datagrams that fit the wire', async () => {
    for (const crowd of await ours(hundreds)) expectServed(crowd)
  })

  test.concurrent('one question is answered with all of 300 services', async () => {
    expectServed(await ours(threeHundred))
  })

  test.concurrent('a name that is taken, elsewhere or here, becomes another one, and that is told', async () => {
    const { names, events } = await ours(sameName)
    expect(names).toEqual(['Twin', 'Twin (2)', 'Twin (3)'])
    expect(events).toEqual(['renamed Twin (2)', 'published Twin (2)', 'renamed Twin (3)', 'published Twin (3)'])
  })

  test.concurrent('services that share a host name keep it, and their own', async () => {
    const { names, hosts, activeAfter } = await ours(sharedHost)
    expect(names).toEqual(['svc-1', 'svc-2', 'svc-3'])
    expect(hosts).toEqual(['myhost'])
    expect(activeAfter).toBeLessThan(2500)
  })

  test.concurrent('50 services are all active within 2.5 seconds', async () => {
    const { announced, told, lastAfter } = await ours(fiftyActive)
    expect({ announced, told }).toEqual({ announced: 50, told: 50 })
    expect(lastAfter).toBeLessThan(2500)
  })

  test.concurrent('a publisher in a namespace that a veth pair joins to the others is found', async () => {
    expect(await ours(inVeth)).toBeLessThan(3000)
  })

  test.concurrent('a publisher that starts without any network is found once there is one', async () => {
    const { published, foundAfter } = await ours(noNetwork)
    expect(published).toBe(true)
    expect(foundAfter).toBeLessThan(5000)
  })
})

describe('beside it', () => {
  // Each begins at a row of its own, so that what is hard work does not come at the same time for all.
  const pairs = ROWS.flatMap((_, turn) => PEERS.map((library, n) => ({ library, row: rowAt(turn + n * SPREAD) })))
  const able = pairs.filter(({ library, row }) => library.browses || row.part === 'publisher')

  const cases = able.map(({ library, row }) => [library.name, row.title, library, row] as const)

  test.concurrent.each(cases)('%s: %s', async (_name, _title, library, row) => {
    if (isMissing(library)) {
      outcomes.put(row, library, NOT_INSTALLED)
      return
    }
    const observation = await Stage.observe((stage) => row.run(stage), library)
    outcomes.take(row, library, observation)
    expect(observation.troubles).toEqual([])
    expect(observation.milliseconds).toBeLessThan(EXPERIMENT_WITHIN)
  })
})

/** What we do in a row: whatever is asserted of it, nothing of ours may have complained. */
async function ours<Seen>(row: Row<Seen>): Promise<Seen> {
  const observation = await Stage.observe((stage) => row.run(stage), OURS)
  outcomes.take(row, OURS, observation)
  expect(observation.crash).toBeUndefined()
  expect(observation.errors).toEqual([])
  expect(observation.troubles).toEqual([])
  return observation.seen
}

function expectServed({ count, announced, answered, largest }: Crowd): void {
  expect({ announced, answered }).toEqual({ announced: count, answered: count })
  expect(largest).toBeLessThanOrEqual(LARGEST_DATAGRAM)
}

function rowAt(number: number): Row<unknown> {
  return ROWS[number % ROWS.length] ?? publishedName
}

/** With CI=true that is a failure. */
function isMissing(library: Library): boolean {
  const missing = versionOf(library) === undefined
  expect(missing && process.env.CI === 'true', `test/peers/install.sh installs ${library.name}`).toBe(false)
  return missing
}
