// Owns the hosts of one test, the wires between them and the programs on them: all are gone when it is over.
// Does not own what is done on one host (site-host.ts) nor on one wire (segment.ts).
import { execFileSync } from 'node:child_process'
import { CliProcess, type Ended } from '../cli/cli-process.ts'
import { Segment } from './segment.ts'
import { SiteHost } from './site-host.ts'

let count = 0

export class Site {
  readonly #namespaces: string[] = []
  readonly #started: CliProcess[] = []

  /** A host with nothing but loopback. */
  host(role: string): SiteHost {
    return new SiteHost(this.#add(role), role, (words, before) => {
      const started = new CliProcess(words, before)
      this.#started.push(started)
      return started
    })
  }

  /** A wire that any number of hosts can be plugged in to. */
  segment(): Segment {
    return new Segment(this.#add('segment'))
  }

  /** Ends every program, and resolves with what those left that did not end well. */
  async endAll(): Promise<readonly Ended[]> {
    const ended = await Promise.all(this.#started.splice(0).map((one) => one.stop()))
    return ended.filter(({ code, stderr }) => code !== 0 || stderr !== '')
  }

  /** To be called after all tests, whatever has become of them. */
  async close(): Promise<void> {
    await Promise.all(this.#started.splice(0).map((one) => one.stop('SIGKILL')))
    for (const name of this.#namespaces.splice(0)) execFileSync('ip', ['netns', 'delete', name])
  }

  #add(role: string): string {
    count += 1
    const name = `mdnsr-site-${process.pid}-${count}-${role}`
    execFileSync('ip', ['netns', 'add', name])
    this.#namespaces.push(name)
    return name
  }
}
