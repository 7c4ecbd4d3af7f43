// Owns what both sides of a meeting can be asked to do, whatever program does it.
// Does not own any program.
import type { Program, Publication, Txt } from '../network/acceptance/program.ts'

/** What a side has come to know of a service. */
export interface Instance {
  readonly name: string
  readonly host: string
  readonly port: number
  readonly txt: Txt
  /** Sorted. */
  readonly addresses: readonly string[]
}

export interface Party {
  /** Resolves with the name that it has in the end. */
  publish(publication: Publication): Promise<string>
  update(name: string, txt: Txt): Promise<void>
  unpublish(name: string): Promise<void>
  browse(type: string, subtype?: string): void
  /** Whom it lists now. Those that it could not resolve have a name alone. */
  instances(type: string): Promise<readonly Partial<Instance>[]>
  /** Whom it has said to be gone, if it says such a thing. */
  gone(type: string): readonly string[]
}

const PUBLISHED_WITHIN = 8_000

/** A program of test/peers, which takes orders. */
export class ProgramParty implements Party {
  readonly program: Program

  constructor(program: Program) {
    this.program = program
  }

  async publish(publication: Publication): Promise<string> {
    this.program.publish(publication)
    const { name: ordered } = publication
    const said = await this.program.hears((one) => one.ordered === ordered, PUBLISHED_WITHIN)
    if (said?.name === undefined) throw new Error(`${ordered} is not published: ${this.#errors()}`)
    return said.name
  }

  async update(name: string, txt: Txt): Promise<void> {
    this.program.order({ order: 'update', name, txt })
  }

  async unpublish(name: string): Promise<void> {
    this.program.order({ order: 'unpublish', name })
  }

  browse(type: string, subtype?: string): void {
    this.program.browse(type, subtype)
  }

  async instances(type: string): Promise<readonly Partial<Instance>[]> {
    const known = new Map<string, Partial<Instance>>()
    for (const said of this.program.said) {
      if (said.type !== type || said.name === undefined) continue
      const { event, name, host, port, txt, addresses = [] } = said
      const details = { name, host, port, txt, addresses: [...new Set(addresses)].sort() } as Partial<Instance>
      if (event === 'down') known.delete(name)
      else known.set(name, details)
    }
    return [...known.values()]
  }

  gone(type: string): readonly string[] {
    const downs = this.program.said.filter((said) => said.event === 'down' && said.type === type)
    return downs.map(({ name = '' }) => name)
  }

  #errors(): string {
    const errors = this.program.said.flatMap(({ event, message = '' }) => (event === 'error' ? message : []))
    return [...errors, this.program.crash ?? 'it still runs'].join('; ')
  }
}
