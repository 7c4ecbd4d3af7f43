// Owns the parties of the contract tests: one link and two programs on it, and what they say.
// Does not own any expectation, nor any backend: `make` builds the link.
import { afterEach, beforeEach, expect } from 'vitest'
import type { Registry, RegistryOptions, Result, Service, ServiceInput, Watcher } from '../../src/registry/types.ts'

/** Where registries of several programs see each other, under a virtual clock. */
export interface Link {
  /** One more program. */
  registry(options?: RegistryOptions): Registry
  now(): number
  run(ms: number): Promise<void>
  /** Lets time pass until the promise is settled. */
  until<T>(promise: Promise<T>): Promise<T>
}

export const greeter: ServiceInput = {
  name: 'greeter',
  version: '1.0.0',
  metadata: { team: 'a' },
  endpoints: [
    {
      name: 'Greeter.Hello',
      request: { name: 'Req', type: 'Req', values: [{ name: 'name', type: 'string', values: [] }] },
      response: { name: 'Rsp', type: 'Rsp', values: [] },
      metadata: { stream: 'false' },
    },
  ],
  nodes: [{ id: 'greeter-1', address: '198.18.0.11:8080', metadata: { protocol: 'http', Zone: 'B' } }],
}

/** A service with one node of this id. */
export function withNode(id: string, changes: Partial<ServiceInput> = {}): ServiceInput {
  const port = 9000 + (Number(id.replace(/\D/g, '')) || 0)
  return { ...greeter, nodes: [{ id, address: `198.18.0.11:${port}` }], ...changes }
}

export const code = (code: string) => expect.objectContaining({ name: 'RegistryError', code })
export const ids = (services: readonly Service[]) => services.map(({ nodes }) => nodes.map(({ id }) => id))
export const story = (results: readonly Result[]) =>
  results.map(({ action, service }) => `${action} ${service.name} ${service.version} ${service.nodes[0]?.id}`)

export function follow(watcher: Watcher): Result[] {
  const results: Result[] = []
  watcher.on('result', (result) => results.push(result))
  return results
}

/** New ones for each test. */
export let link: Link
export let here: Registry
export let there: Registry
export const until: Link['until'] = (promise) => link.until(promise)

export function meet(make: () => Link): void {
  beforeEach(() => {
    link = make()
    here = link.registry()
    there = link.registry()
  })
  afterEach(() => until(Promise.all([here.close(), there.close()])))
}

export function sequence(...values: number[]): () => number {
  return () => values.shift() ?? 0
}
