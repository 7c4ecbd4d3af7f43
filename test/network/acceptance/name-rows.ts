// Owns the rows of the table about names: as they are given, as they are read, and when two want the same.
// Does not own names themselves (src/wire/name.ts).
import { type Library, OURS } from './library.ts'
import type { Program } from './program.ts'
import { HTTP, PATIENCE, type Row, seconds } from './row.ts'
import type { Stage } from './stage.ts'

export const NAME = 'Printer v1.2 (lab)'
const PRINTER = { name: NAME, type: 'ipp', port: 631, txt: { rp: 'lab' } }
const DECIDED_WITHIN = 6_000
const HEARD_WITHIN = 500

/** The instance name on the wire, by its labels: it should be one. */
export const publishedName: Row<readonly string[]> = {
  title: `Publish ${NAME}`,
  part: 'publisher',
  async run(stage) {
    const lan = stage.lan()
    const witness = await stage.witness(lan, '198.18.0.9')
    const subject = await stage.subject(await stage.subjectHost(lan, '198.18.0.1'))
    subject.publish(PRINTER)
    return (await stage.until(() => witness.instances('ipp')[0], PATIENCE)) ?? []
  },
  tell(labels) {
    if (labels.length === 0) return `not heard in ${seconds(PATIENCE)}`
    if (labels.length > 1)
      return `published as ${labels.length} labels: ${labels.map((label) => `"${label}"`).join(' ')}`
    return labels[0] === NAME ? 'as given' : `published as ${labels[0]}`
  },
}

export interface Listed {
  readonly name: string | undefined
  readonly type: string | undefined
}

export const browsedName: Row<Listed | undefined> = {
  title: `Browse ${NAME}`,
  part: 'browser',
  run: browsedNameOf(OURS),
  tell(listed) {
    if (listed === undefined) return `not found in ${seconds(PATIENCE)}`
    const same = listed.name === NAME && listed.type === 'ipp'
    return same ? 'as published' : `listed as ${listed.name}, type ${listed.type}`
  },
}

/** What a browser lists that a library publishes. */
export function browsedNameOf(publisher: Library): (stage: Stage) => Promise<Listed | undefined> {
  return async (stage) => {
    const lan = stage.lan()
    const subject = await stage.subject(await stage.subjectHost(lan, '198.18.0.1'))
    subject.browse('ipp')
    const other = await stage.other(publisher, await stage.host('publisher', lan, '198.18.0.2'))
    other.publish(PRINTER)
    const up = await subject.hears(({ event }) => event === 'up', PATIENCE)
    return up && { name: up.name, type: up.type }
  }
}

export interface Conflict {
  /** On the wire. */
  readonly names: readonly string[]
  /** What the program of the second and third said, such as `renamed Twin (2)`. */
  readonly events: readonly string[]
}

/** Two hosts want the same name, and the second one wants it twice. */
export const sameName: Row<Conflict> = {
  title: 'Same name on two hosts, and twice on the second',
  part: 'publisher',
  async run(stage) {
    const lan = stage.lan()
    const witness = await stage.witness(lan, '198.18.0.9')
    const first = await stage.subject(await stage.subjectHost(lan, '198.18.0.1'))
    const second = await stage.subject(await stage.subjectHost(lan, '198.18.0.2'))
    first.publish({ ...HTTP, name: 'Twin' })
    await stage.until(() => witness.announced('http').size > 0 || undefined, DECIDED_WITHIN)
    second.publish({ ...HTTP, name: 'Twin' })
    await decided(second, 1)
    second.publish({ ...HTTP, name: 'Twin' })
    await decided(second, 2)
    await stage.until(() => witness.announced('http').size > 2 || undefined, HEARD_WITHIN)
    const events = second.said.filter(({ event }) => event !== 'ready')
    return {
      names: [...witness.announced('http').keys()].sort(),
      events: events.map(({ event, name, to, message }) => `${event} ${name ?? to ?? message}`),
    }
  },
  tell: ({ names, events }) => `${names.join(', ') || 'none'} on the wire; ${events.join(', ') || 'no event'}`,
}

/** Waits until so many publications have come to an end, good or bad. */
async function decided(program: Program, count: number): Promise<void> {
  const ends = () => program.said.filter(({ event }) => event === 'published' || event === 'error')
  await program.hears(() => ends().length >= count, DECIDED_WITHIN)
}

export interface Shared {
  readonly names: readonly string[]
  readonly hosts: readonly string[]
  /** Milliseconds until all of them were announced; undefined if that was not to be seen. */
  readonly activeAfter: number | undefined
}

const SHARING = ['svc-1', 'svc-2', 'svc-3']

export const sharedHost: Row<Shared> = {
  title: '3 services that share one hostname',
  part: 'publisher',
  async run(stage) {
    const lan = stage.lan()
    const witness = await stage.witness(lan, '198.18.0.9')
    const host = await stage.subjectHost(lan, '198.18.0.1')
    const subject = await stage.subject(host)
    const ordered = Date.now()
    for (const name of SHARING) subject.publish({ ...HTTP, name, host: 'myhost', addresses: [host.address] })
    await stage.until(() => witness.announced('http').size >= SHARING.length || undefined, PATIENCE)
    const announced = witness.announced('http')
    const last = Math.max(...announced.values())
    return {
      names: [...announced.keys()].sort(),
      hosts: [...witness.hosts].sort(),
      activeAfter: announced.size >= SHARING.length ? last - ordered : undefined,
    }
  },
  tell({ names, hosts, activeAfter }) {
    const time = activeAfter === undefined ? `not all in ${seconds(PATIENCE)}` : seconds(activeAfter)
    return `${names.join(', ')} on ${hosts.join(', ')}; ${time}`
  },
}
