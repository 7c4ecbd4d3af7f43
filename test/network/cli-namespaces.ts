// Owns short-lived network namespaces that stand for hosts, and the wire between two of them.
import { execFileSync } from 'node:child_process'

export interface NamespaceHost {
  /** The words that run a command on this host. */
  readonly before: readonly string[]
  readonly interface: string
}

const SETTLE_MS = 5000
let count = 0

export class Namespaces {
  readonly #names: string[] = []

  /** One host with nothing but loopback. */
  loopback(): NamespaceHost {
    return { before: this.#before(this.#add()), interface: 'lo' }
  }

  /** Two hosts on one wire: 198.18.0.1 and 198.18.0.2, and their link-local IPv6 addresses. */
  pair(): readonly [NamespaceHost, NamespaceHost] {
    const [one, two] = [this.#add(), this.#add()]
    ip('-n', one, 'link', 'add', 'wire', 'type', 'veth', 'peer', 'name', 'wire', 'netns', two)
    ip('-n', one, 'addr', 'add', '198.18.0.1/24', 'dev', 'wire')
    ip('-n', two, 'addr', 'add', '198.18.0.2/24', 'dev', 'wire')
    for (const name of [one, two]) ip('-n', name, 'link', 'set', 'wire', 'up')
    for (const name of [one, two]) awaitLinkLocal(name)
    return [
      { before: this.#before(one), interface: 'wire' },
      { before: this.#before(two), interface: 'wire' },
    ]
  }

  deleteAll(): void {
    for (const name of this.#names.splice(0)) ip('netns', 'delete', name)
  }

  #add(): string {
    count += 1
    const name = `mdnsr-cli-${process.pid}-${count}`
    ip('netns', 'add', name)
    this.#names.push(name)
    ip('-n', name, 'link', 'set', 'lo', 'up')
    return name
  }

  #before(name: string): readonly string[] {
    return ['ip', 'netns', 'exec', name]
  }
}

function ip(...words: readonly string[]): string {
  return execFileSync('ip', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

/** An IPv6 address may not be used until the kernel has made sure that nobody else has it, RFC 4862 §5.4. */
function awaitLinkLocal(name: string): void {
  const end = performance.now() + SETTLE_MS
  while (performance.now() < end) {
    const shown = ip('-n', name, '-6', 'addr', 'show', 'dev', 'wire')
    if (shown.includes('fe80:') && !shown.includes('tentative')) return
    execFileSync('sleep', ['0.1'])
  }
  throw new Error(`${name} has no link-local address after ${SETTLE_MS} ms`)
}
