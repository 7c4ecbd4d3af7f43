// Owns the rows of the table about the life of a publisher: many at once, one that leaves, one that is killed.
// Does not own what its links do meanwhile (link-rows.ts).
import { OURS } from './library.ts'
import { after, HTTP, PATIENCE, type Row, seconds } from './row.ts'

/** Seconds. */
export const TTL = 5
const SERVICES = 50
const FIFTY_WITHIN = 15_000

export interface Gone {
  /** Milliseconds; undefined if it never was. */
  readonly downAfter: number | undefined
  readonly reason: string | undefined
}

/** We publish, so that the records of every publisher live for as short a time. */
export const killed: Row<Gone> = {
  title: `Publisher killed with -9, its records live ${TTL} s`,
  part: 'browser',
  async run(stage) {
    const lan = stage.lan()
    const subject = await stage.subject(await stage.subjectHost(lan, '198.18.0.1'))
    subject.browse('http')
    const publisher = await stage.other(OURS, await stage.host('publisher', lan, '198.18.0.2'))
    publisher.publish({ ...HTTP, name: 'Mortal', ttl: TTL })
    await subject.hears(({ event }) => event === 'up', PATIENCE)
    const killedAt = Date.now()
    await publisher.stop('SIGKILL')
    const down = await subject.hears(({ event }) => event === 'down', PATIENCE)
    return { downAfter: down && down.at - killedAt, reason: down?.reason }
  },
  tell: ({ downAfter }) => after('down', downAfter),
}

/** We browse. */
export const unpublished: Row<Gone> = {
  title: 'Publisher gets SIGTERM and unpublishes',
  part: 'publisher',
  async run(stage) {
    const lan = stage.lan()
    const browser = await stage.other(OURS, await stage.host('browser', lan, '198.18.0.2'))
    browser.browse('http')
    const subject = await stage.subject(await stage.subjectHost(lan, '198.18.0.1'))
    subject.publish({ ...HTTP, name: 'Leaving' })
    await subject.hears(({ event }) => event === 'published', PATIENCE)
    await browser.hears(({ event }) => event === 'up', PATIENCE)
    const toldAt = Date.now()
    await subject.stop('SIGTERM')
    const down = await browser.hears(({ event }) => event === 'down', PATIENCE)
    return { downAfter: down && down.at - toldAt, reason: down?.reason }
  },
  tell: ({ downAfter }) => after('down', downAfter),
}

export interface Active {
  readonly announced: number
  /** What the program itself says is published. */
  readonly told: number
  /** Milliseconds from the order to the announcement of the last one. */
  readonly lastAfter: number
}

export const fiftyActive: Row<Active> = {
  title: `${SERVICES} services until all are active`,
  part: 'publisher',
  async run(stage) {
    const lan = stage.lan()
    const witness = await stage.witness(lan, '198.18.0.9')
    const subject = await stage.subject(await stage.subjectHost(lan, '198.18.0.1'))
    const ordered = Date.now()
    for (let n = 1; n <= SERVICES; n++) subject.publish({ ...HTTP, name: `svc-${n}` })
    const published = () => subject.said.filter(({ event }) => event === 'published').length
    const done = () => witness.announced('http').size >= SERVICES && published() >= SERVICES
    await stage.until(() => done() || undefined, FIFTY_WITHIN)
    const times = [...witness.announced('http').values()]
    return { announced: times.length, told: published(), lastAfter: Math.max(ordered, ...times) - ordered }
  },
  tell: ({ announced, lastAfter }) =>
    announced >= SERVICES ? seconds(lastAfter) : `${announced} of ${SERVICES} in ${seconds(FIFTY_WITHIN)}`,
}
