// Owns the experiments that every peer goes through, in both directions: each resolves if all is as it should be.
// Does not own the peers, nor what is expected of each of them (trial.ts).
import { expect } from 'vitest'
import type { Publication, Txt } from '../network/acceptance/program.ts'
import type { Column } from './matrix.ts'
import type { Instance, Party } from './party.ts'

/** Both sides, and all addresses that each has on the wire. */
export interface Sides {
  readonly theirs: Party
  readonly ours: Party
  readonly theirAddresses: readonly string[]
  readonly ourAddresses: readonly string[]
  /** The label of the host that the peer names for a service. */
  hostOf(service: string): string
}

export interface Experiment {
  readonly title: string
  readonly column: Column
  run(sides: Sides): Promise<void>
}

/** A side that publishes, and the other one. */
interface Roles {
  readonly publisher: Party
  readonly browser: Party
  /** The label of the host that it names for a service. */
  hostOf(service: string): string
  readonly addresses: readonly string[]
}

/** A peer polls, or says by itself. */
const POLL = 50
const PATIENCE = 8_000
/** A goodbye leaves a second, RFC 6762 §10.1. Without one the records would live for two minutes. */
const GONE_WITHIN = 5_000
/**
 * Some announce three times, at 0, 1 and 3 seconds, RFC 6762 §8.3. One second more has to pass before the records may
 * be multicast again, §6, if what the other one asks is not a probe by the book.
 */
const ESTABLISHED = 4_000

const TXT: Txt = { path: '/', note: 'a = b' }
/** All that RFC 6763 §6.5 allows as a value. */
const ANY_TXT: Txt = { text: 'Grüße = b', empty: '', flag: true, raw: { base64: 'AP8=' } }

const byThem = ({ theirs, ours, theirAddresses, hostOf }: Sides): Roles => {
  return { publisher: theirs, browser: ours, hostOf, addresses: theirAddresses }
}
const byUs = ({ theirs, ours, ourAddresses }: Sides): Roles => {
  return { publisher: ours, browser: theirs, hostOf: () => 'ours', addresses: ourAddresses }
}

const service = (type: string, port: number, details: Partial<Publication> = {}): Publication => {
  return { name: `Große Küche (${type})`, type, port, txt: TXT, ...details }
}

export const EXPERIMENTS = {
  publish: {
    title: 'we list what it publishes, by the name that it gave',
    column: 'publish',
    run: (sides) => isListed(byThem(sides), service('iop-publish', 8001)),
  },
  browse: {
    title: 'it lists what we publish, by the name that we gave',
    column: 'browse',
    run: (sides) => isListed(byUs(sides), service('iop-browse', 8002)),
  },
  dotsOfTheirs: {
    title: 'dots in a name that it publishes are no more than dots',
    column: 'publish',
    run: (sides) => isListed(byThem(sides), service('iop-their-dots', 8003, { name: 'Printer v1.2 .local' })),
  },
  dotsOfOurs: {
    title: 'dots in a name that we publish are no more than dots',
    column: 'browse',
    run: (sides) => isListed(byUs(sides), service('iop-our-dots', 8004, { name: 'Printer v2.1 .local' })),
  },
  subtypesOfTheirs: {
    title: 'we list what it publishes by subtype, and nothing else',
    column: 'publish',
    run: (sides) => subtypeIsListed(byThem(sides), 'iop-their-sub'),
  },
  subtypesOfOurs: {
    title: 'it lists what we publish by subtype, and nothing else',
    column: 'browse',
    run: (sides) => subtypeIsListed(byUs(sides), 'iop-our-sub'),
  },
  resolveTheirs: {
    title: 'we come to the host, port, TXT and addresses that it gave',
    column: 'resolve',
    run: (sides) => isResolved(byThem(sides), service('iop-their-srv', 8005)),
  },
  resolveOurs: {
    title: 'it comes to the host, port, TXT and addresses that we gave',
    column: 'resolve',
    run: (sides) => isResolved(byUs(sides), service('iop-our-srv', 8006)),
  },
  txtOfTheirs: {
    title: 'we read every kind of TXT value that it publishes',
    column: 'resolve',
    run: (sides) => isResolved(byThem(sides), service('iop-their-txt', 8013, { txt: ANY_TXT })),
  },
  txtOfOurs: {
    title: 'it reads every kind of TXT value that we publish',
    column: 'resolve',
    run: (sides) => isResolved(byUs(sides), service('iop-our-txt', 8014, { txt: ANY_TXT })),
  },
  updateTheirs: {
    title: 'we see a TXT that it changes, and nothing go',
    column: 'update',
    run: (sides) => isUpdated(byThem(sides), 'iop-their-upd'),
  },
  updateOurs: {
    title: 'it sees a TXT that we change, and nothing go',
    column: 'update',
    run: (sides) => isUpdated(byUs(sides), 'iop-our-upd'),
  },
  goodbyeOfTheirs: {
    title: 'what it withdraws is gone for us at once',
    column: 'goodbye',
    run: (sides) => isGone(byThem(sides), 'iop-their-bye'),
  },
  goodbyeOfOurs: {
    title: 'what we withdraw is gone for it at once',
    column: 'goodbye',
    run: (sides) => isGone(byUs(sides), 'iop-our-bye'),
  },
  conflictWithTheirs: {
    title: 'a name that it has remains with it, and we take another one',
    column: 'conflict',
    run: ({ theirs, ours }) => yields(theirs, ours, ours, 'iop-their-name'),
  },
  conflictWithOurs: {
    title: 'a name that we have remains with us, and it takes another one',
    column: 'conflict',
    run: ({ theirs, ours }) => yields(ours, theirs, ours, 'iop-our-name'),
  },
} satisfies Readonly<Record<string, Experiment>>

export type ExperimentKey = keyof typeof EXPERIMENTS

async function isListed({ publisher, browser }: Roles, publication: Publication): Promise<void> {
  browser.browse(publication.type)
  expect(await publisher.publish(publication)).toBe(publication.name)
  await sees(browser, publication.type, (known) => expect(names(known)).toEqual([publication.name]))
}

async function subtypeIsListed({ publisher, browser }: Roles, type: string): Promise<void> {
  await publisher.publish(service(type, 8007, { name: `${type} plain` }))
  await publisher.publish(service(type, 8008, { name: `${type} special`, subtypes: ['_special', '_other'] }))
  browser.browse(type, '_special')
  await sees(browser, type, (known) => expect(names(known)).toEqual([`${type} special`]))
}

async function isResolved({ publisher, browser, hostOf, addresses }: Roles, publication: Publication): Promise<void> {
  const { name, type, port, txt } = publication
  const host = `${hostOf(name)}.local`
  await publisher.publish(publication)
  // Then it is an answer that tells all, and no announcement.
  await established()
  browser.browse(type)
  await sees(browser, type, (known) => expect(known).toEqual([{ name, host, port, txt, addresses }]))
}

async function isUpdated({ publisher, browser }: Roles, type: string): Promise<void> {
  const [before, after] = [{ version: '1' }, { version: '2', more: 'yes' }]
  const name = await publisher.publish(service(type, 8009, { name: type, txt: before }))
  browser.browse(type)
  await sees(browser, type, (known) => expect(known).toMatchObject([{ name, txt: before }]))
  await publisher.update(name, after)
  await sees(browser, type, (known) => expect(known).toMatchObject([{ name, txt: after }]))
  expect(browser.gone(type)).toEqual([])
}

async function isGone({ publisher, browser }: Roles, type: string): Promise<void> {
  browser.browse(type)
  const name = await publisher.publish(service(type, 8010, { name: type }))
  await sees(browser, type, (known) => expect(names(known)).toEqual([name]))
  // What is withdrawn while it is probed for may have been answered, and leaves without a word.
  await established()
  await publisher.unpublish(name)
  await sees(browser, type, (known) => expect(known).toEqual([]), GONE_WITHIN)
}

async function yields(holder: Party, comer: Party, ours: Party, type: string): Promise<void> {
  expect(await holder.publish(service(type, 8011, { name: type }))).toBe(type)
  await established()
  const other = await comer.publish(service(type, 8012, { name: type }))
  expect(other).not.toBe(type)
  ours.browse(type)
  const ports = (known: readonly Partial<Instance>[]) => known.map(({ name, port }) => `${name} at ${port}`).sort()
  await sees(ours, type, (known) => expect(ports(known)).toEqual([`${type} at 8011`, `${other} at 8012`].sort()))
}

/** Until what was published last is answered like anything else. */
function established(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ESTABLISHED))
}

function names(known: readonly Partial<Instance>[]): readonly (string | undefined)[] {
  return known.map(({ name }) => name).sort()
}

/** Resolves once the assertion holds; rejects with its last failure and what is listed. */
async function sees(
  browser: Party,
  type: string,
  assertion: (known: readonly Partial<Instance>[]) => void,
  within = PATIENCE,
): Promise<void> {
  const end = performance.now() + within
  for (;;) {
    const known = await browser.instances(type)
    try {
      return assertion(known)
    } catch (error) {
      if (performance.now() > end) throw new Error(`listed: ${JSON.stringify(known)}`, { cause: error })
    }
    await new Promise((resolve) => setTimeout(resolve, POLL))
  }
}
