// Owns a host in a process that can be stuck: timers and datagrams wait, and come in the order of Node's event loop.
// Does not own the host, nor the world it is in.
import { Host } from '../../src/host/host.ts'
import type { Cancel, Clock } from '../../src/host/ports.ts'
import type { Received } from '../../src/mdns/types.ts'
import { seededRandom } from '../../src/sim/random.ts'
import { SimTransport } from '../../src/sim/transport.ts'
import type { World } from '../../src/sim/world.ts'

export class StuckProcess implements Clock {
  readonly host: Host
  readonly #world: World
  readonly #timers = new Set<() => void>()
  readonly #datagrams: Received[] = []
  #receive: (datagram: Received) => void = () => {}
  #isStuck = false
  #backlog = 0

  constructor(world: World, seed: number) {
    this.#world = world
    const transport = new SimTransport({ clock: world.clock, name: 'stuck' })
    transport.connect(world.lan, { addresses: world.lan.freshAddresses([4]) })
    this.host = new Host({
      clock: this,
      random: seededRandom(seed, 99),
      hostName: 'stuck',
      transport: {
        open: (on) => {
          this.#receive = (datagram) => on.received(datagram)
          const received = (datagram: Received) => {
            if (this.#isStuck) this.#datagrams.push(datagram)
            else on.received(datagram)
          }
          return transport.open({ ...on, received })
        },
        send: (send) => transport.send(send),
        close: () => transport.close(),
      },
    })
  }

  /** Datagrams that had to wait for the process, in all. */
  get backlog(): number {
    return this.#backlog
  }

  now(): number {
    return this.#world.now
  }

  at(when: number, run: () => void): Cancel {
    const fire = () => (this.#isStuck ? this.#timers.add(fire) : run())
    const cancel = this.#world.clock.at(when, fire)
    return () => {
      cancel()
      this.#timers.delete(fire)
    }
  }

  /** So many milliseconds pass on the LAN, none in the process; then its timers run, and then it reads. */
  stick(ms: number): void {
    this.#isStuck = true
    this.#world.run(ms)
    this.#isStuck = false
    this.#backlog += this.#datagrams.length
    for (const fire of this.#timers) {
      this.#timers.delete(fire)
      fire()
    }
    for (const datagram of this.#datagrams.splice(0)) this.#receive(datagram)
  }
}
