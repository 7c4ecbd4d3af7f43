// Owns one meeting: our program on one host, a peer's host beside it, and the wire between them.
// Does not own the peer (party.ts), nor what the two are to do (experiments.ts).
import { OURS } from '../network/acceptance/library.ts'
import { Program } from '../network/acceptance/program.ts'
import { StageHost } from '../network/acceptance/stage-host.ts'
import type { Segment } from '../network/segment.ts'
import { Site } from '../network/site.ts'
import { ProgramParty } from './party.ts'

const THEIR_ADDRESS = '198.18.0.2'
const OUR_ADDRESS = '198.18.0.3'

export class Meeting {
  readonly #site = new Site()
  readonly #wire: Segment
  readonly #programs: Program[] = []
  readonly ourHost: StageHost
  readonly theirHost: StageHost

  /** `bridged` for a peer that uses no end of a veth pair. */
  constructor({ bridged = false } = {}) {
    this.#wire = this.#site.segment()
    this.theirHost = this.#host('theirs', THEIR_ADDRESS, bridged)
    this.ourHost = this.#host('ours', OUR_ADDRESS, false)
  }

  /**
   * The program of test/peers on the peer's host, with its addresses as words; `before` are the words of a command that
   * runs it.
   */
  async theirs(program: string, before: readonly string[] = []): Promise<ProgramParty> {
    await this.theirHost.running()
    const host = { before: [...this.theirHost.before, ...before] }
    return this.#run(program, host, this.theirHost.addresses())
  }

  async ours(): Promise<ProgramParty> {
    await this.ourHost.running()
    return this.#run(OURS.program, this.ourHost)
  }

  /** Ends everything, and resolves with what our program has to complain of. */
  async close(): Promise<readonly string[]> {
    await Promise.all(this.#programs.map((program) => program.stop()))
    await this.#site.close()
    return this.#programs.filter(({ name }) => name === OURS.program).flatMap(({ trouble }) => trouble ?? [])
  }

  #host(role: string, address: string, bridged: boolean): StageHost {
    const host = new StageHost(this.#site.host(role))
    host.plug({ lan: this.#wire, address, more: [`2001:db8::${address.split('.').at(-1)}/64`], bridged })
    return host
  }

  async #run(name: string, host: Pick<StageHost, 'before'>, words?: readonly string[]): Promise<ProgramParty> {
    const program = new Program(name, host, words)
    this.#programs.push(program)
    return new ProgramParty(await program.ready())
  }
}
