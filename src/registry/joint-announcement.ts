// Owns one node that is said over several wire formats, as one announcement.
// Does not own how it is said over any of them.
import type { Announcement, AnnounceOptions } from './medium.ts'
import type { Reason } from './node-table.ts'
import type { Service } from './types.ts'
import type { Wire } from './wire.ts'

export class JointAnnouncement implements Announcement {
  readonly #parts: Announcement[] = []

  constructor(wires: readonly Wire[], service: Service, options: AnnounceOptions) {
    let isLost = false
    const onLost = () => {
      if (isLost) return
      isLost = true
      void this.withdraw()
      options.onLost()
    }
    try {
      for (const wire of wires) this.#parts.push(wire.announce(service, { ...options, onLost }))
    } catch (error) {
      void this.withdraw()
      throw error
    }
  }

  get ready(): Promise<void> {
    const all = Promise.all(this.#parts.map(({ ready }) => ready)).then(() => {})
    all.catch(() => {})
    return all
  }

  update(service: Service): boolean {
    return this.#parts.map((part) => part.update(service)).every((isUpdated) => isUpdated)
  }

  async withdraw(reason?: Reason): Promise<void> {
    await Promise.all(this.#parts.map((part) => part.withdraw(reason)))
  }
}
