// Owns the step from a medium to a backend: the verbs over whatever carries nodes.
// Does not own the verbs (node-registry.ts) nor the names of backends (backends.ts).
import type { RegistryError } from '../errors.ts'
import type { Medium } from './medium.ts'
import { NodeRegistry } from './node-registry.ts'
import type { BackendFactory, RegistryOptions } from './types.ts'

/**
 * Called when the first verb needs it, so that a registry that is never used opens nothing. What the program should
 * know but did not ask for goes to `warn`, which emits `warning`. Throws a RegistryError for options that are wrong.
 */
export type OpenMedium<O extends RegistryOptions = RegistryOptions> = (
  options: O,
  warn: (warning: RegistryError) => void,
) => Medium

/**
 * A backend that has to know no more than how a node is made known and how nodes are heard. Everything else is as in
 * the backends that come with the package: defaults, checks, errors, updates, lapses, waits, watchers and close.
 */
export function mediumBackend<O extends RegistryOptions>(name: string, open: OpenMedium<O>): BackendFactory {
  return (given) => {
    // What a program hands over is what this backend says that it takes, or open() complains.
    const options = given as O & { readonly random?: () => number }
    const { random = Math.random } = options
    return new NodeRegistry({ name, options, random, open: (warn) => open(options, warn) })
  }
}
