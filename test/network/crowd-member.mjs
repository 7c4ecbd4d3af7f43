// Registers one service and watches all, until SIGTERM. Says when it knows as many as it was told to wait for, and with
// how much processor time, in milliseconds; and whatever it hears but of new ones.
import { createRegistry } from 'mdns-registry'

tell({ event: 'started' })
const [name, count] = process.argv.slice(2)
const known = new Set()
let registered = false
const registry = createRegistry()
registry.on('warning', ({ message }) => tell({ warning: message }))
process.once('SIGTERM', () => {
  tell({ event: 'ended', name, registered, known: known.size })
  void registry.close()
})

registry.register({ name, nodes: [{ id: name, address: ':8080' }] }).then(
  () => {
    registered = true
    check()
  },
  ({ message }) => tell({ failed: message }),
)
registry.watch().on('result', ({ action, service }) => {
  if (action !== 'create') tell({ action, name: service.name })
  known.add(service.name)
  check()
})

function check() {
  if (!registered || known.size < Number(count)) return
  const { user, system } = process.cpuUsage()
  tell({ event: 'complete', at: Date.now(), cpu: (user + system) / 1000 })
}

function tell(line) {
  console.log(JSON.stringify(line))
}
