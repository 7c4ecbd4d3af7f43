// Owns one experiment: its hosts and wires, the programs on them, and the tidying up, whatever became of it.
// Does not own what is tried (the rows) nor who is tried (library.ts).
import type { Segment } from '../segment.ts'
import { Site } from '../site.ts'
import { type Library, OURS } from './library.ts'
import { Program } from './program.ts'
import { StageHost } from './stage-host.ts'
import { Witness } from './witness.ts'

const WITNESS = 'witness.mjs'
/** What is looked for again and again, and may cost something. */
const LOOK_EVERY = 40
/** How long the link has to be silent to count as quiet. */
const QUIET = 2_200

export interface Observation<Seen> {
  readonly seen: Seen
  /** How a program of the library ended without having been told to. */
  readonly crash: string | undefined
  /** What its error events said, each once. */
  readonly errors: readonly string[]
  /** What our own programs have to complain of, whoever was tried. */
  readonly troubles: readonly string[]
  readonly milliseconds: number
}

export class Stage {
  readonly library: Library
  readonly #site = new Site()
  /** Programs of the library that is tried, ours, and all of them. */
  readonly #tried: Program[] = []
  readonly #own: Program[] = []
  readonly #all: Program[] = []

  private constructor(library: Library) {
    this.library = library
  }

  /** Runs an experiment with a library; nothing of it is left when this resolves or rejects. */
  static async observe<Seen>(run: (stage: Stage) => Promise<Seen>, library: Library): Promise<Observation<Seen>> {
    const stage = new Stage(library)
    const begun = performance.now()
    try {
      const seen = await run(stage)
      const crash = stage.#crash
      const errors = stage.#errors
      await stage.#stopAll()
      const troubles = stage.#own.flatMap(({ trouble }) => trouble ?? [])
      return { seen, crash, errors, troubles, milliseconds: performance.now() - begun }
    } finally {
      await stage.#stopAll()
      await stage.#site.close()
    }
  }

  /** A wire: whoever is plugged in to it hears all the others, and does not feel it when one of them goes. */
  lan(): Segment {
    return this.#site.segment()
  }

  /** A host that is plugged in nowhere. */
  bareHost(role: string, { loopback = true } = {}): StageHost {
    const host = this.#site.host(role)
    if (!loopback) host.ip('link set lo down')
    return new StageHost(host)
  }

  /** A host with one plug. */
  async host(role: string, lan: Segment, address: string): Promise<StageHost> {
    const host = this.bareHost(role)
    host.plug({ lan, address })
    await host.running()
    return host
  }

  /** A host on which the library is tried. */
  async subjectHost(lan: Segment, address: string): Promise<StageHost> {
    const host = this.bareHost(`subject-${address.split('.').at(-1)}`)
    host.plug({ lan, address, bridged: this.bridged })
    await host.running()
    return host
  }

  /** Whether the library that is tried has to have a bridge before a veth pair. */
  get bridged(): boolean {
    return this.library.needsBridge === true
  }

  /** Starts the library that is tried. */
  subject(host: StageHost): Promise<Program> {
    const program = this.#run(this.library.program, host)
    this.#tried.push(program)
    return program.ready()
  }

  /** Starts a library as the other side. */
  other(library: Library, host: StageHost): Promise<Program> {
    return this.#run(library.program, host).ready()
  }

  /** A witness on a host of its own. */
  async witness(lan: Segment, address: string): Promise<Witness> {
    const program = this.#run(WITNESS, await this.host('witness', lan, address), [address])
    return new Witness(await program.ready())
  }

  /** Looks until there is something to see, the time is over, or the library has ended. */
  async until<T>(look: () => T | undefined, within: number): Promise<T | undefined> {
    const end = performance.now() + within
    for (;;) {
      const ended = this.#tried.some((program) => program.ended)
      const seen = look()
      if (seen !== undefined || ended || performance.now() > end) return seen
      await passed(LOOK_EVERY)
    }
  }

  async quiet(witness: Witness, within: number): Promise<void> {
    await this.until(() => witness.quietFor >= QUIET || undefined, within)
  }

  #run(name: string, host: StageHost, words?: readonly string[]): Program {
    const program = new Program(name, host, words)
    this.#all.push(program)
    if (name === OURS.program || name === WITNESS) this.#own.push(program)
    return program
  }

  get #crash(): string | undefined {
    return this.#tried.map(({ crash }) => crash).find((crash) => crash !== undefined)
  }

  get #errors(): readonly string[] {
    const said = this.#tried.flatMap((program) => program.said)
    return [...new Set(said.flatMap(({ event, message = '' }) => (event === 'error' ? message : [])))]
  }

  async #stopAll(): Promise<void> {
    await Promise.all(this.#all.map((program) => program.stop()))
  }
}

export function passed(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
