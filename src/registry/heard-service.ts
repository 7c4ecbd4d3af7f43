// Owns the step from an object that another program wrote to a service with one node.
// Does not own how it travelled, nor what register() accepts (service-input.ts).
import { parseService } from './service-input.ts'
import type { Service, ServiceInput } from './types.ts'

/**
 * The same rules as for `register`, but nothing is thrown: undefined for whatever is no service with exactly one node
 * that has an id. The result is complete, and holds nothing that was not asked for.
 */
export function heardService(raw: unknown): Service | undefined {
  try {
    const service = parseService(raw as ServiceInput, () => '')
    return service.nodes.length === 1 ? service : undefined
  } catch {
    return undefined
  }
}
