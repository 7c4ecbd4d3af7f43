// Owns the experiment of a crowd of hosts that all want one name.
// Does not own how large it is.
import { expect } from 'vitest'
import type { Host } from '../../src/host/host.ts'
import { World } from '../../src/sim/world.ts'
import { encode } from '../../src/wire/encode.ts'
import { CLASS_IN } from '../../src/wire/types.ts'
import { instanceAt, service } from './service.ts'

interface CrowdOptions {
  readonly size: number
  readonly loss: number
  readonly hostName?: string
}

/** Hosts that start within 300 ms of each other and all want one service name; some of them one host name, too. */
export class Crowd {
  readonly world: World
  readonly names = new Map<Host, string>()
  readonly #size: number

  constructor({ size, loss, hostName }: CrowdOptions) {
    this.#size = size
    this.world = new World({ seed: size, families: [4], loss })
    for (let i = 0; i < size; i++) {
      const host = this.world.host(hostName === undefined ? {} : { hostName })
      host.on((event) => {
        if (event.kind === 'renamed' || event.kind === 'published')
          this.names.set(host, instanceAt('Web', event.attempt))
      })
      this.world.clock.at((i * 300) / size, () => host.publish(service('Web')))
    }
  }

  get distinct(): { names: number; hostNames: number } {
    const hostNames = new Set(this.world.hosts.map((host) => host.inspect().host))
    return { names: new Set(this.names.values()).size, hostNames: hostNames.size }
  }

  /** Somebody asks for every service: where two hosts missed each other, they hear of each other now. */
  askAll(): void {
    const peer = this.world.peer()
    for (let round = 0; round < 10; round++) {
      for (let attempt = 0; attempt < this.#size; attempt++) {
        const question = { name: instanceAt('Web', attempt), type: 'SRV', class: CLASS_IN, unicast: false } as const
        peer.send(encode({ questions: [question] }))
      }
      this.world.run(10_000)
    }
  }
}

/** Nothing is lost, and a minute is enough: each has a name of its own, and for good. */
export function expectDistinct(size: number): void {
  const crowd = new Crowd({ size, loss: 0 })
  crowd.world.run(60_000)
  expect(crowd.distinct).toEqual({ names: size, hostNames: size })
  expect(crowd.world.transcript.length).toBeLessThanOrEqual(40 * size)
  const { length } = crowd.world.transcript
  crowd.world.run(3_600_000)
  expect(crowd.world.transcript.length).toBe(length)
}
