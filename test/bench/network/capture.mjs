// Owns what crosses a wire between two instants: the frames of Multicast DNS, how large each is, and when it came.
// Does not own what is in them.
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'

/** Fragments after the first have no port; nothing else on these wires is fragmented. */
const FILTER = 'udp port 5353 or (ip[6:2] & 0x1fff) != 0 or ip6 proto 44'
const FILE_HEADER = 24
const FRAME_HEADER = 16
const ETHERNET = 14
const IPV6 = 0x86dd
/** Of each frame so much is kept: the headers. */
const SNAPPED = 96
/** The kernel hands over what it has at least so often. */
const FLUSH = 1200

export function whyNoCapture() {
  return spawnSync('tcpdump', ['--version']).error ? 'needs tcpdump' : undefined
}

export class Capture {
  #child
  #chunks = []
  #closed

  constructor(child) {
    this.#child = child
    this.#closed = once(child, 'close')
    child.stdout.on('data', (chunk) => this.#chunks.push(chunk))
  }

  /** Resolves when it is listening. */
  static async start(lan, host) {
    const words = ['tcpdump', '-i', 'wire', '-U', '-s', `${SNAPPED}`, '-B', '16384', '-w', '-', FILTER]
    const child = lan.start(host, words, ['ignore', 'pipe', 'pipe'])
    const capture = new Capture(child)
    await once(child.stderr, 'data')
    child.stderr.resume()
    return capture
  }

  /**
   * Every frame: when it came, in milliseconds since the epoch, its `bytes`, and those of the IP `packet` that it is
   * or, if it is a fragment, the end of.
   */
  async stop() {
    await wait(FLUSH)
    this.#child.kill('SIGTERM')
    await this.#closed
    return framesOf(Buffer.concat(this.#chunks))
  }
}

function framesOf(file) {
  const frames = []
  for (let at = FILE_HEADER; at + FRAME_HEADER <= file.length; ) {
    const [seconds, micros, kept, bytes] = [0, 4, 8, 12].map((offset) => file.readUInt32LE(at + offset))
    const frame = file.subarray(at + FRAME_HEADER, at + FRAME_HEADER + kept)
    frames.push({ at: seconds * 1000 + micros / 1000, bytes, packet: packetEnd(frame) })
    at += FRAME_HEADER + kept
  }
  return frames
}

/** Of a fragment, where in the whole it ends. */
function packetEnd(frame) {
  const packet = frame.subarray(ETHERNET)
  if (frame.readUInt16BE(12) === IPV6) {
    const fragmented = packet[6] === 44
    return packet.readUInt16BE(4) + 40 + (fragmented ? packet.readUInt16BE(42) & 0xfff8 : 0)
  }
  return packet.readUInt16BE(2) + (packet.readUInt16BE(6) & 0x1fff) * 8
}
