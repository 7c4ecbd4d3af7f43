// Owns the rows of the table about links: late, two of them, a veth pair, none at all, and another address.
// Does not own how links are made and changed (stage-host.ts).
import { OURS } from './library.ts'
import type { Said } from './program.ts'
import { after, HTTP, PATIENCE, type Row, seconds } from './row.ts'
import { passed } from './stage.ts'

const LATE = 3_000
/** For what a link brings about: some libraries look at their interfaces every 15 seconds. */
const NOTICED_WITHIN = 16_000

const isUp = ({ event }: Said) => event === 'up'

/** Milliseconds since the link was up. We publish. */
export const lateLink: Row<number | undefined> = {
  title: 'Browser started while its link is down, link up 3 s later, publisher quiet',
  part: 'browser',
  async run(stage) {
    const lan = stage.lan()
    const witness = await stage.witness(lan, '198.18.0.9')
    const publisher = await stage.other(OURS, await stage.host('publisher', lan, '198.18.0.2'))
    publisher.publish({ ...HTTP, name: 'Quiet' })
    await publisher.hears(({ event }) => event === 'published', PATIENCE)
    await stage.quiet(witness, PATIENCE)
    const host = stage.bareHost('subject-1')
    host.plug({ lan, address: '198.18.0.1', down: true, bridged: stage.bridged })
    const subject = await stage.subject(host)
    subject.browse('http')
    await passed(LATE)
    const upAt = Date.now()
    host.up()
    const found = await subject.hears(isUp, NOTICED_WITHIN)
    return found && found.at - upAt
  },
  tell: (foundAfter) => after('found', foundAfter, NOTICED_WITHIN),
}

export interface Moved {
  readonly found: boolean
  /** Milliseconds since the change. */
  readonly newAfter: number | undefined
  readonly oldGoneAfter: number | undefined
}

/** We browse. */
export const readdressed: Row<Moved> = {
  title: "Publisher's IP address changes",
  part: 'publisher',
  async run(stage) {
    const [before, changed] = ['198.18.0.1', '198.18.0.77']
    const lan = stage.lan()
    const witness = await stage.witness(lan, '198.18.0.9')
    const browser = await stage.other(OURS, await stage.host('browser', lan, '198.18.0.2'))
    browser.browse('http')
    const host = await stage.subjectHost(lan, before)
    const subject = await stage.subject(host)
    subject.publish({ ...HTTP, name: 'Moving' })
    const found = await browser.hears(({ addresses }) => addresses?.includes(before) === true, PATIENCE)
    await stage.quiet(witness, PATIENCE)
    const changedAt = Date.now()
    host.readdress(changed)
    const untilTold = async (like: (addresses: readonly string[]) => boolean) => {
      const isLike = ({ at, addresses }: Said) => at > changedAt && addresses !== undefined && like(addresses)
      const said = await browser.hears(isLike, NOTICED_WITHIN)
      return said && said.at - changedAt
    }
    const [newAfter, oldGoneAfter] = await Promise.all([
      untilTold((addresses) => addresses.includes(changed)),
      untilTold((addresses) => !addresses.includes(before)),
    ])
    return { found: found !== undefined, newAfter, oldGoneAfter }
  },
  tell({ found, newAfter, oldGoneAfter }) {
    if (!found) return `not found in ${seconds(PATIENCE)}`
    return `new ${after('given', newAfter, NOTICED_WITHIN)}, old ${after('gone', oldGoneAfter, NOTICED_WITHIN)}`
  },
}

export interface OnLink {
  /** Whether a question on this link got an answer. */
  readonly answered: boolean
  /** All addresses that were told there. */
  readonly told: readonly string[]
  /** Those of the publisher there. */
  readonly own: readonly string[]
}

export const twoLinks: Row<readonly OnLink[]> = {
  title: 'Publisher on two links',
  part: 'publisher',
  async run(stage) {
    const lans = [stage.lan(), stage.lan()] as const
    const witnesses = await Promise.all(lans.map((lan, n) => stage.witness(lan, `198.18.${n}.9`)))
    const host = await stage.subjectHost(lans[0], '198.18.0.1')
    host.plug({ lan: lans[1], address: '198.18.1.1', interface: 'lan1', bridged: stage.bridged })
    await host.running('lan1')
    const subject = await stage.subject(host)
    subject.publish({ ...HTTP, name: 'Amphibian' })
    const [first] = witnesses
    await stage.until(() => (first && first.announced('http').size > 0) || undefined, PATIENCE)
    for (const witness of witnesses) await stage.quiet(witness, PATIENCE)
    const asked = Date.now()
    for (const witness of witnesses) witness.ask('http')
    await stage.until(() => witnesses.every((each) => each.pointedTo('http', asked).size > 0) || undefined, 3_000)
    return witnesses.map((witness, n) => ({
      answered: witness.pointedTo('http', asked).size > 0,
      told: [...witness.addresses].sort(),
      own: [...host.addresses(`lan${n}`)].sort(),
    }))
  },
  tell: (links) => links.map((link, n) => `link ${n + 1}: ${tellLink(link)}`).join('; '),
}

function tellLink({ answered, told, own }: OnLink): string {
  const foreign = told.filter((address) => !own.includes(address))
  const missing = own.filter((address) => !told.includes(address))
  if (told.length > 0 && foreign.length + missing.length === 0) return answered ? 'its own addresses' : 'not answered'
  const words = [answered ? '' : 'not answered', ...foreign.map((address) => `told ${address} too`)]
  return [...words, ...missing.map((address) => `not told ${address}`)].filter((word) => word !== '').join(', ')
}

/** Milliseconds until a neighbour has found it; the neighbour is ours. */
export const inVeth: Row<number | undefined> = {
  title: 'Inside a veth namespace',
  part: 'publisher',
  async run(stage) {
    const lan = stage.lan()
    const browser = await stage.other(OURS, await stage.host('browser', lan, '198.18.0.2'))
    browser.browse('http')
    const subject = await stage.subject(await stage.host('subject', lan, '198.18.0.1'))
    const ordered = Date.now()
    subject.publish({ ...HTTP, name: 'Contained' })
    const found = await browser.hears(isUp, PATIENCE)
    return found && found.at - ordered
  },
  tell: (foundAfter) => after('found', foundAfter),
}

export interface Bare {
  /** Whether the program said so while there was no network. */
  readonly published: boolean
  /** Milliseconds after there was one. */
  readonly foundAfter: number | undefined
}

export const noNetwork: Row<Bare> = {
  title: 'No network at all at start, one 3 s later',
  part: 'publisher',
  async run(stage) {
    const lan = stage.lan()
    const browser = await stage.other(OURS, await stage.host('browser', lan, '198.18.0.2'))
    browser.browse('http')
    const host = stage.bareHost('subject-1', { loopback: false })
    host.plug({ lan, address: '198.18.0.1', down: true, bridged: stage.bridged })
    const subject = await stage.subject(host)
    subject.publish({ ...HTTP, name: 'Patient' })
    await passed(LATE)
    const published = subject.said.some(({ event }) => event === 'published')
    const upAt = Date.now()
    host.up()
    const found = await browser.hears(isUp, NOTICED_WITHIN)
    return { published, foundAfter: found && found.at - upAt }
  },
  tell: ({ published, foundAfter }) =>
    `${published ? 'says published' : 'says nothing'}; ${after('found', foundAfter, NOTICED_WITHIN)}`,
}
