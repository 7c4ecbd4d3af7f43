import type { Socket } from 'node:dgram'
import { EventEmitter } from 'node:events'
import type { NetworkInterfaceInfo } from 'node:os'
import type { Cancel, Clock } from '../../src/host/ports.ts'
import type { CreateSocket } from '../../src/net/datagram-socket.ts'

type Call = keyof Socket & string

/** Sockets without a network. Every call is remembered, and any can be made to fail. */
export class FakeDgram {
  /** What was called, as `address call arguments`. */
  readonly calls: string[] = []
  readonly sockets: FakeSocket[] = []
  /** The error for a call on the socket that is, or is to be, bound to an address; undefined if it is to succeed. */
  fault: (call: Call, address: string) => string | undefined = () => undefined

  readonly createSocket: CreateSocket = () => {
    const socket = new FakeSocket(this)
    this.sockets.push(socket)
    this.check('createSocket' as Call, '')
    return socket as unknown as Socket
  }

  /** Throws the error that the test wants of this call. */
  check(call: Call, address: string, ...rest: unknown[]): void {
    this.calls.push([address, call, ...rest].join(' '))
    const code = this.fault(call, address)
    if (code) throw systemError(code, call)
  }

  get open(): FakeSocket[] {
    return this.sockets.filter(({ state }) => state === 'bound')
  }
}

export class FakeSocket extends EventEmitter {
  readonly #world: FakeDgram
  address = ''
  state: 'new' | 'bound' | 'closed' = 'new'

  constructor(world: FakeDgram) {
    super()
    this.#world = world
  }

  bind({ address }: { address: string }): void {
    this.address = address
    try {
      this.#world.check('bind', address)
    } catch (error) {
      queueMicrotask(() => this.emit('error', error))
      return
    }
    this.state = 'bound'
    queueMicrotask(() => this.emit('listening'))
  }

  send(_bytes: Uint8Array, port: number, to: string, done: (error: Error | null) => void): void {
    this.#world.check('send', this.address, to, port)
    const code = this.#world.fault('send callback' as Call, this.address)
    queueMicrotask(() => done(code ? systemError(code, 'send') : null))
  }

  close(): void {
    if (this.state === 'closed') throw systemError('ERR_SOCKET_DGRAM_NOT_RUNNING', 'close')
    this.state = 'closed'
    queueMicrotask(() => this.emit('close'))
  }

  addMembership = this.#setter('addMembership')
  dropMembership = this.#setter('dropMembership')
  addSourceSpecificMembership = this.#setter('addSourceSpecificMembership')
  setMulticastInterface = this.#setter('setMulticastInterface')
  setMulticastTTL = this.#setter('setMulticastTTL')
  setTTL = this.#setter('setTTL')
  setMulticastLoopback = this.#setter('setMulticastLoopback')
  setRecvBufferSize = this.#setter('setRecvBufferSize')
  getRecvBufferSize = () => 4096
  unref = this.#setter('unref')

  #setter(call: Call): (...rest: unknown[]) => void {
    return (...rest) => this.#world.check(call, this.address, ...rest)
  }
}

export function systemError(code: string, call: string): Error {
  return Object.assign(new Error(`${call} ${code}`), { code })
}

/** Time that passes when the test says so; what is due runs in order, and promises get their turn in between. */
export class ManualClock implements Clock {
  #now = 0
  readonly #due = new Set<{ when: number; run: () => void }>()

  now(): number {
    return this.#now
  }

  at(when: number, run: () => void): Cancel {
    const entry = { when, run }
    this.#due.add(entry)
    return () => this.#due.delete(entry)
  }

  async pass(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds
    await settled()
    for (;;) {
      const next = [...this.#due].sort((a, b) => a.when - b.when)[0]
      if (!next || next.when > end) break
      this.#due.delete(next)
      this.#now = Math.max(this.#now, next.when)
      next.run()
      await settled()
    }
    this.#now = end
  }

  /** All of a sudden it is later, and nothing has run in between. */
  jump(to: number): void {
    this.#now = to
  }

  get waiting(): number {
    return this.#due.size
  }
}

/** Every promise that could go on without time or input has gone on. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

export function listed(cidr: string, scopeid = 7, mac = '02:00:00:00:00:01'): NetworkInterfaceInfo {
  const address = cidr.slice(0, cidr.indexOf('/'))
  const common = { address, netmask: '', mac, internal: false, cidr }
  return cidr.includes(':') ? { ...common, family: 'IPv6', scopeid } : { ...common, family: 'IPv4' }
}
