// bonjour-service, under the orders of a test.
import { hostname } from 'node:os'
import { Bonjour } from 'bonjour-service'
import { labelsOf, obey, pairsIn, say, sayError, toldOf, valuesOf } from './orders.mjs'

// It tells the console alone that a name is taken.
const { log } = console
console.log = (first, ...rest) => (first instanceof Error ? sayError(first) : log(first, ...rest))

const bonjour = new Bonjour()
const services = new Map()

obey({
  publish({ name, type, port, txt, host, subtypes }) {
    // Its own default has no `.local`, and no address could be found by it.
    const target = `${host ?? hostname()}.local`
    const service = bonjour.publish({
      name,
      type,
      port,
      txt: valuesOf(txt),
      host: target,
      subtypes: labelsOf(subtypes),
    })
    services.set(name, service)
    service.on('up', () => say('published', { name: service.name, ordered: name }))
    service.on('error', sayError)
  },

  unpublish: ({ name }) => services.get(name).stop(),

  browse({ type }) {
    const browser = bonjour.find({ type })
    const tell = (event) => (service) => say(event, fields(service))
    for (const event of ['up', 'down']) browser.on(event, tell(event))
    for (const event of ['srv-update', 'txt-update']) browser.on(event, tell('update'))
  },

  stop: () => new Promise((resolve) => bonjour.unpublishAll(() => bonjour.destroy(resolve))),
})

function fields({ name, type, host, port, rawTxt, addresses }) {
  return { name, type, host, port, txt: rawTxt && toldOf(pairsIn(rawTxt)), addresses }
}
