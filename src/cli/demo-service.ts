// Owns the service that `demo` starts as a process of its own: it registers, changes once when told to, and leaves.
// Does not own the story around it (commands/demo.ts).
import { createRegistry } from '../index.ts'

const UPDATE = 'update'

/** Arguments: service name, node id. Standard input: the word `update`; its end is the end of the service. */
async function serve(name: string, id: string): Promise<void> {
  const registry = createRegistry({ interfaces: 'loopback' })
  const greeter = (mood: string) => ({ name, version: '1.0.0', nodes: [{ id, address: ':8080', metadata: { mood } }] })
  await registry.register(greeter('sleepy'))
  for await (const chunk of process.stdin) {
    if (String(chunk).includes(UPDATE)) await registry.register(greeter('awake'))
  }
  await registry.close()
}

const [name = 'greeter', id = `greeter-${process.pid}`] = process.argv.slice(2)
await serve(name, id)
