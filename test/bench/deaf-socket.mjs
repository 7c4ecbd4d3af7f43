// Owns a socket for a peer that takes one from its program: it sends nothing, and hears what it is given.
// Does not own what it hears.
import { EventEmitter } from 'node:events'

const FROM = { address: '198.18.0.2', family: 'IPv4', port: 5353 }

export class DeafSocket extends EventEmitter {
  hear(bytes) {
    this.emit('message', bytes, FROM)
  }

  bind(...words) {
    const done = words.find((word) => typeof word === 'function')
    queueMicrotask(() => {
      this.emit('listening')
      done?.()
    })
  }

  send(...words) {
    const done = words.findLast((word) => typeof word === 'function')
    if (done) queueMicrotask(() => done())
  }

  address() {
    return { address: '0.0.0.0', family: 'IPv4', port: 5353 }
  }

  close(done) {
    this.emit('close')
    done?.()
  }

  addMembership() {}
  dropMembership() {}
  setMulticastInterface() {}
  setTTL() {}
  setMulticastTTL() {}
  setMulticastLoopback() {}
  ref() {}
  unref() {}
}
