// Owns the life of one watch: the snapshot, the diffs that follow, and their delivery by iteration or by events.
// Does not own the diffs themselves (node-table.ts) nor the queue (dnssd/stream.ts).
import { Emitter } from '../dnssd/emitter.ts'
import { NOTHING, Stream } from '../dnssd/stream.ts'
import { RegistryError } from '../errors.ts'
import { foldLabel } from './label.ts'
import type { View } from './medium.ts'
import type { Result, Service, Watcher, WatcherEvents, WatchOptions } from './types.ts'

export interface ViewWatcherOptions extends WatchOptions {
  readonly onEnd?: () => void
}

/** Takes over `view` and releases it in the end. */
export class ViewWatcher extends Emitter<WatcherEvents> implements Watcher {
  readonly #stream: Stream<Result>

  constructor(view: View, { service, signal, onEnd }: ViewWatcherOptions) {
    super()
    const stop = () => this.stop()
    const cancel = view.table.on((result) => {
      if (service === undefined || result.service.name === service) this.#push(result)
    })
    this.#stream = new Stream<Result>({
      coalesce: coalesceResults,
      onEnd: () => {
        cancel()
        view.release()
        onEnd?.()
        signal?.removeEventListener('abort', stop)
        this.emitSoon('stop')
      },
    })
    for (const known of view.table.nodesOf(service)) this.#push({ action: 'create', service: known, initial: true })
    signal?.addEventListener('abort', stop)
    if (signal?.aborted) this.stop()
  }

  async next(): Promise<Result> {
    const { value } = await this.#stream.next()
    if (value !== undefined) return value
    throw new RegistryError('ERR_CLOSED', 'The watcher is stopped; start another one with watch()')
  }

  /** What was not read yet is dropped. */
  stop(): void {
    void this.#stream.return()
  }

  [Symbol.asyncIterator](): AsyncIterator<Result> {
    return this.#stream
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stop()
  }

  #push(result: Result): void {
    this.#stream.push(result)
    this.emitSoon('result', result)
  }
}

/**
 * For a consumer that does not keep up: two changes of one node become one with the same outcome. A delete vanishes
 * only together with a create that the consumer has not seen.
 */
export function coalesceResults(queued: Result, next: Result): Result | typeof NOTHING | undefined {
  if (!concernSameNode(queued.service, next.service)) return undefined
  if (next.action === 'delete') return queued.action === 'create' ? NOTHING : next
  if (queued.action === 'create') return { ...queued, service: next.service }
  return { action: 'update', service: next.service }
}

/** Compared once per queued result when a reader is slow, so the cheap comparisons come first. */
function concernSameNode(a: Service, b: Service): boolean {
  const [one = '', other = ''] = [a.nodes[0]?.id, b.nodes[0]?.id]
  const sameId = one === other || (one.length === other.length && foldLabel(one) === foldLabel(other))
  return sameId && a.version === b.version && a.name === b.name
}
