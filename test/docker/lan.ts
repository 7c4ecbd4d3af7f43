// Owns a LAN outside of the engine: an interface of this machine, and at its other end a host of its own.
// Does not own what runs on that host.
import { execFileSync } from 'node:child_process'

const NAME = `mdnsr-lan-${process.pid}`
/** As long as the name of an interface may be. */
const INTERFACE = `mdnsr${process.pid}`.slice(0, 15)

export class Lan {
  readonly interface = INTERFACE
  /** The words that run a command on the host at the other end. */
  readonly before: readonly string[] = ['ip', 'netns', 'exec', NAME]

  /** `address` is that of the host, with its prefix length. This machine itself has none there. */
  constructor(address: string) {
    ip('netns', 'add', NAME)
    ip('link', 'add', INTERFACE, 'type', 'veth', 'peer', 'name', 'lan', 'netns', NAME)
    ip('link', 'set', INTERFACE, 'addrgenmode', 'none', 'up')
    ip('-n', NAME, 'addr', 'add', address, 'dev', 'lan')
    ip('-n', NAME, 'link', 'set', 'lan', 'up')
  }

  delete(): void {
    ip('link', 'delete', INTERFACE)
    ip('netns', 'delete', NAME)
  }
}

function ip(...words: readonly string[]): void {
  execFileSync('ip', words, { stdio: ['ignore', 'ignore', 'pipe'] })
}
