// A backend over a directory that the programs of one machine share: one file for each node, touched every second.
// The page docs/backends.md goes through it; file-backend.test.mjs is its test.
import { randomUUID } from 'node:crypto'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RegistryError, registerBackend } from 'mdns-registry'
import * as kit from 'mdns-registry/backend'

const TOUCH_EVERY = 1_000
const LOOK_EVERY = 100
/** Seconds after which a file that nobody touches belongs to a program that has died. */
const DEFAULT_TTL = 10

export const fileBackend = kit.mediumBackend('file', (options) => {
  const directory = options.directory ?? options.addresses?.[0] ?? join(tmpdir(), 'mdns-registry')
  fs.mkdirSync(directory, { recursive: true })
  return new FileMedium(directory, options.ref ?? true)
})
registerBackend('file', fileBackend)

class FileMedium {
  clock = kit.systemClock
  #directory
  #ref
  #announcements = new Set()
  #table = new kit.NodeTable()
  #views = 0
  #timer

  constructor(directory, ref) {
    this.#directory = directory
    this.#ref = ref
  }

  announce(service, options) {
    const letGo = this.hold('standing')
    const announcement = new FileAnnouncement(pathOf(this.#directory, service), service, options, () => {
      letGo()
      this.#announcements.delete(announcement)
    })
    this.#announcements.add(announcement)
    return announcement
  }

  /** One table for all services. What is in the directory is all there is, so that it is complete at once. */
  view() {
    this.#views += 1
    this.#timer ??= setInterval(() => this.#look(), LOOK_EVERY).unref()
    this.#look()
    return { table: this.#table, quiet: 0, pending: false, settled: true, release: () => this.#release() }
  }

  verify() {
    this.#look()
  }

  hold(reason) {
    return this.#ref || reason === 'call' ? kit.keepAlive() : () => {}
  }

  async close() {
    clearInterval(this.#timer)
    for (const announcement of [...this.#announcements]) await announcement.withdraw()
  }

  #release() {
    this.#views -= 1
    if (this.#views > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #look() {
    const paths = fs.readdirSync(this.#directory).map((name) => join(this.#directory, name))
    const entries = paths.flatMap((path) => readEntry(path) ?? [])
    const known = new Map(entries.map((entry) => [pathOf(this.#directory, entry.service), entry]))
    for (const service of this.#table.nodesOf(undefined)) {
      const entry = known.get(pathOf(this.#directory, service))
      if (!entry || entry.stale) this.#table.remove(service.nodes[0].id, entry ? 'expired' : 'goodbye')
    }
    for (const { service, stale } of known.values()) if (!stale) this.#table.put(service)
  }
}

class FileAnnouncement {
  ready = Promise.resolve()
  #path
  #ttl
  #owner = randomUUID()
  #onEnd
  #timer

  constructor(path, service, { ttl = DEFAULT_TTL, onLost }, onEnd) {
    this.#path = path
    this.#ttl = ttl
    this.#onEnd = onEnd
    if (readEntry(path)?.stale) fs.rmSync(path, { force: true })
    try {
      this.#write(service, fs.linkSync) // fails if there is a file of this name
      this.#timer = setInterval(() => this.#touch(onLost), TOUCH_EVERY).unref()
    } catch (cause) {
      const message = `The node id '${service.nodes[0].id}' is taken; choose another one`
      this.ready = Promise.reject(new RegistryError('ERR_NAME_CONFLICT', message, { cause }))
      this.ready.catch(() => {})
    }
  }

  update(service) {
    if (this.#isOurs) this.#write(service, fs.renameSync)
    return true
  }

  async withdraw() {
    clearInterval(this.#timer)
    if (this.#isOurs) fs.rmSync(this.#path, { force: true })
    this.#onEnd()
  }

  get #isOurs() {
    return readEntry(this.#path)?.owner === this.#owner
  }

  /** Readers see the old file or the new one, and never half of one. */
  #write(service, put) {
    const draft = `${this.#path}.${this.#owner}`
    fs.writeFileSync(draft, JSON.stringify({ owner: this.#owner, ttl: this.#ttl, service: reachable(service) }))
    try {
      put(draft, this.#path)
    } finally {
      fs.rmSync(draft, { force: true })
    }
  }

  /** Another program has taken the id if this one was stopped for so long that its file looked abandoned. */
  #touch(onLost) {
    if (this.#isOurs) return fs.utimesSync(this.#path, new Date(), new Date())
    clearInterval(this.#timer)
    this.#onEnd()
    onLost()
  }
}

/** Ids that differ in the case of ASCII letters are one id, whatever the file system thinks of it. */
function pathOf(directory, service) {
  return join(directory, `${encodeURIComponent(kit.foldLabel(service.nodes[0].id))}.json`)
}

/** Undefined for what is no file of ours: any program can write to the directory. */
function readEntry(path) {
  if (!path.endsWith('.json')) return undefined
  try {
    const { owner, ttl, service: raw } = JSON.parse(fs.readFileSync(path, 'utf8'))
    const service = kit.heardService(raw)
    return service && { owner, service, stale: Date.now() - fs.statSync(path).mtimeMs > ttl * 1_000 }
  } catch {
    return undefined
  }
}

/** The programs are on one machine, and reach each other by its loopback interface. */
function reachable(service) {
  const nodes = service.nodes.map((node) => {
    const { kind, port } = kit.parseAddress(node.address)
    return kind === 'wildcard' ? { ...node, address: kit.formatAddress('127.0.0.1', port) } : node
  })
  return { ...service, nodes }
}
