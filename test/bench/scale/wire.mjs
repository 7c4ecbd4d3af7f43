// Owns how much a real link could carry of it: how busy it would be, and how long a datagram would wait.
// Does not own what is sent; the simulated LAN itself carries any amount.

/** Bytes of the IPv4 and UDP headers, and of the header, checksum and LLC of a frame of 802.11. */
const IP = 28
const MAC = 36

/** Milliseconds on 1 Gbit/s, with the preamble, header, checksum and gap of Ethernet. */
const ethernet = (bytes) => ((Math.max(bytes + IP, 46) + 38) * 8) / 1e6

/** Milliseconds in the air: gap, mean backoff and preamble of 802.11g, then the frame. */
const frame = (bytes, kilobits) => 0.12 + ((bytes + IP + MAC) * 8) / kilobits
const ACKNOWLEDGEMENT = 0.044

/**
 * Every station is on one access point, so each datagram crosses the air twice: to it at 54 Mbit/s, and from it again,
 * for the group at the basic rate of 6 Mbit/s and without acknowledgement.
 */
const wifi = (bytes, viaGroup) => {
  const acknowledged = frame(bytes, 54_000) + ACKNOWLEDGEMENT
  return acknowledged + (viaGroup ? frame(bytes, 6_000) : acknowledged)
}

/** By link, the milliseconds that a datagram takes of it. */
export const WIRES = { ethernet, wifi }

/** How much there is at most within a second, counted by tenths. */
export class Rush {
  #tenths = new Map()

  add(at, amount) {
    const tenth = Math.floor(at / 100)
    this.#tenths.set(tenth, (this.#tenths.get(tenth) ?? 0) + amount)
  }

  get perSecond() {
    let most = 0
    for (const start of this.#tenths.keys()) {
      let sum = 0
      for (let tenth = start; tenth < start + 10; tenth++) sum += this.#tenths.get(tenth) ?? 0
      most = Math.max(most, sum)
    }
    return most
  }
}

/** Carries, or reads, one datagram after the other. */
export class Wire {
  #cost
  #freeAt = 0
  #rush = new Rush()
  #longestWait = 0
  #mostWaiting = 0
  /** When those that were seen leave; the first of them that has not left yet. */
  #leaving = []
  #first = 0

  constructor(cost) {
    this.#cost = cost
  }

  see({ at, bytes, viaGroup }) {
    while (this.#first < this.#leaving.length && this.#leaving[this.#first] <= at) this.#first += 1
    const cost = this.#cost(bytes.length, viaGroup)
    this.#longestWait = Math.max(this.#longestWait, this.#freeAt - at)
    this.#freeAt = Math.max(this.#freeAt, at) + cost
    this.#leaving.push(this.#freeAt)
    this.#mostWaiting = Math.max(this.#mostWaiting, this.#leaving.length - this.#first)
    this.#rush.add(at, cost)
  }

  /** `busiest`: of the busiest second, the share that it is busy, which may be more than it has. */
  get figures() {
    const busiest = this.#rush.perSecond / 1000
    return { longestWait: this.#longestWait, mostWaiting: this.#mostWaiting, busiest }
  }
}
