// Owns an engine for tests of the shell: it does what a test says, and records what it is given.
// Does not own any rule of mDNS.
import type { HostEngine } from '../../src/host/host.ts'
import type { Snapshot } from '../../src/mdns/engine.ts'
import type { Heard, Input, Instant, Link, Output } from '../../src/mdns/types.ts'
import { nameFromText } from '../../src/wire/name.ts'

export const NOTHING: Output = { sends: [], events: [], wakeAt: Number.POSITIVE_INFINITY }

export class ScriptedEngine implements HostEngine {
  readonly steps: { readonly input: Input; readonly now: Instant }[] = []
  /** Answers a step; by default a close is followed by `closed` at once, and nothing else by anything. */
  answer: (input: Input, now: Instant) => Partial<Output> = () => ({})
  links: readonly Link[] = []
  readonly heardLinks: readonly Link[] = []
  readonly lookup = (): readonly Heard[] => []
  readonly ignores = (): boolean => false
  readonly askedAt = (): undefined => undefined

  step(input: Input, now: Instant): Output {
    this.steps.push({ input, now })
    if (input.kind === 'links') this.links = input.links
    const usual: Partial<Output> = input.kind === 'close' ? { events: [{ kind: 'closed' }] } : {}
    return { ...NOTHING, ...usual, ...this.answer(input, now) }
  }

  inspect(): Snapshot {
    const links = this.links.map((link) => ({ link, cached: 0 }))
    return { host: nameFromText('scripted.local'), links, publications: 0, interests: 0 }
  }

  get kinds(): string[] {
    return this.steps.map((step) => step.input.kind)
  }
}
