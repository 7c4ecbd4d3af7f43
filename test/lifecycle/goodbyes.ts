// Owns an ear on the loopback interface that counts goodbyes: datagrams with a record of a name and TTL 0.
// Does not own who says them.
import { createSocket, type Socket } from 'node:dgram'
import { decode } from '../../src/wire/decode.ts'
import type { Rr } from '../../src/wire/types.ts'
import { until } from '../cli/cli-process.ts'

/** Whatever has left is heard after this, also on a busy machine. */
const LAG = 1500

export class Goodbyes {
  readonly #socket: Socket
  /** The first labels of the names that each datagram said goodbye for. */
  readonly #heard: ReadonlySet<string>[] = []

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('message', (bytes) => {
      const gone = answersIn(bytes).filter(({ ttl }) => ttl === 0)
      if (gone.length > 0) this.#heard.push(new Set(gone.flatMap(labelsOf)))
    })
  }

  static async open(): Promise<Goodbyes> {
    const socket = createSocket({ type: 'udp4', reuseAddr: true })
    const heard = new Goodbyes(socket)
    await new Promise<void>((resolve) => socket.bind({ address: '224.0.0.251', port: 5353 }, resolve))
    socket.addMembership('224.0.0.251', '127.0.0.1')
    socket.setRecvBufferSize(4 * 1024 * 1024)
    return heard
  }

  /** How many datagrams say goodbye for this instance, once there are as many as wanted or all have come. */
  async of(instance: string, wanted: number): Promise<number> {
    const count = () => this.#heard.filter((labels) => labels.has(instance)).length
    await until(() => count() >= wanted || undefined, LAG)
    return count()
  }

  close(): void {
    this.#socket.close()
  }
}

/** Others use the port as well, and not all of it is DNS. */
function answersIn(bytes: Uint8Array): readonly Rr[] {
  try {
    return decode(bytes).answers
  } catch {
    return []
  }
}

/** The first labels of the record's name and, of a pointer, of what it points to. */
function labelsOf(rr: Rr): readonly string[] {
  const names = rr.type === 'PTR' ? [rr.name, rr.target] : [rr.name]
  return names.map((name) => name.split('.')[0] ?? '')
}
