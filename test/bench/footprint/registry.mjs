// This project as a program that registers services, and nothing else, under the orders of the bench.
import { createRegistry } from '../../../dist/index.js'
import { obey, say, sayError } from '../../peers/orders.mjs'

const registry = createRegistry()

obey({
  publish({ name, port }) {
    registry
      .register({ name, nodes: [{ id: name, address: `:${port}` }] })
      .then(() => say('published', { name }), sayError)
  },

  stop: () => registry.close(),
})
