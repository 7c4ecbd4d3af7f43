// Owns a host without sockets: it hears what it is given, what it sends goes nowhere, and its time passes when told.
// Does not own what it hears.
import { Dnssd, Engine, Host, seededRandom, VirtualClock } from './internals.mjs'

export const LINK = {
  id: 'lan/4',
  interface: 'lan',
  family: 4,
  addresses: [{ address: '198.18.0.1', family: 4, prefixLength: 15 }],
  unicast: true,
}
const FROM = { address: '198.18.0.2', port: 5353 }

/** Virtual time that can be had to go on by itself as well, so that asking for it costs what it costs in a program. */
class PassingClock extends VirtualClock {
  /** Timers that are waiting now. */
  armed = 0
  #since

  at(when, run) {
    const end = (then) => () => {
      if (!waits) return
      waits = false
      this.armed -= 1
      then()
    }
    let waits = true
    this.armed += 1
    const cancel = super.at(when, end(run))
    return end(() => cancel())
  }

  now() {
    return super.now() + (this.#since === undefined ? 0 : performance.now() - this.#since)
  }

  pass() {
    this.#since = performance.now()
  }
}

export class FedHost {
  clock = new PassingClock()
  /** Datagrams sent so far. */
  sent = 0
  host
  dnssd
  #listener

  constructor(limits = {}) {
    const random = seededRandom(7)
    const transport = {
      open: async (on) => {
        this.#listener = on
        on.links([LINK])
      },
      send: () => {
        this.sent += 1
      },
      close: async () => {},
    }
    const engine = new Engine({ random, hostName: 'bench', limits })
    this.host = new Host({ clock: this.clock, random, transport, hostName: 'bench', engine })
    this.dnssd = new Dnssd(this.host, { random })
  }

  /** One datagram that came to the group. */
  hear(bytes) {
    this.#listener.received({ link: LINK.id, from: FROM, viaGroup: true, bytes })
  }

  /** Everything that is due in so many milliseconds happens. */
  wait(milliseconds) {
    this.clock.runTo(this.clock.now() + milliseconds)
  }
}
