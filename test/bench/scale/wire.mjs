// Owns how much a real link could carry of it: how busy it would be, and how long a datagram would wait.
// Does not own what is sent; the simulated LAN itself carries any amount.

/** UDP, IPv4 and LLC or Ethernet headers. */
const IP = 28

/** Preamble, header, checksum and gap of Ethernet. */
const ethernet = (bytes) => ((Math.max(bytes + IP, 46) + 38) * 8) / 1e6

/**
 * Airtime of 802.11g: preamble and gaps, the mean backoff, header and payload. Multicast goes at a basic rate and is
 * not acknowledged; unicast goes at the full rate, and its acknowledgement takes as long as a short frame.
 */
const wifi = (bytes, viaGroup) => 0.12 + ((bytes + IP + 36) * 8) / (viaGroup ? 6e3 : 54e3) + (viaGroup ? 0 : 0.044)

/** Milliseconds that a datagram takes. */
export const WIRES = { ethernet, wifi }

/** A link that carries one datagram after the other. */
export class Wire {
  /** The longest that a datagram waited, in milliseconds, and with how many others. */
  longestWait = 0
  mostWaiting = 0
  /** Milliseconds that it was busy. */
  busy = 0
  #cost
  #freeAt = 0
  #leaving = []
  #first = 0

  constructor(cost) {
    this.#cost = cost
  }

  see({ at, bytes, viaGroup }) {
    while (this.#first < this.#leaving.length && this.#leaving[this.#first] <= at) this.#first += 1
    const cost = this.#cost(bytes.length, viaGroup)
    const wait = Math.max(0, this.#freeAt - at)
    this.#freeAt = Math.max(this.#freeAt, at) + cost
    this.#leaving.push(this.#freeAt)
    this.busy += cost
    this.longestWait = Math.max(this.longestWait, wait)
    this.mostWaiting = Math.max(this.mostWaiting, this.#leaving.length - this.#first)
  }
}

/** How many come at most within a second, counted by tenths. */
export class Rush {
  #tenths = new Map()

  see({ at }) {
    const tenth = Math.floor(at / 100)
    this.#tenths.set(tenth, (this.#tenths.get(tenth) ?? 0) + 1)
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
