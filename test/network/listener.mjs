// The transport alone, on the interfaces that are named after its own name, or those that it chooses: tells which links
// there are, and what is heard on which. On SIGUSR2 it sends its name and the link's on each. Ends well on SIGTERM.
import { UdpTransport } from '../../dist/internals.js'

const [name, ...interfaces] = process.argv.slice(2)
let ids = []
const transport = new UdpTransport(interfaces.length > 0 ? { interfaces } : {})
process.on('SIGUSR2', () => {
  for (const link of ids) transport.send({ link, to: 'group', bytes: Buffer.from(`${name} ${link}`) })
})
const alive = setInterval(() => {}, 60_000)
process.once('SIGTERM', () => transport.close().then(() => clearInterval(alive)))
await transport.open({
  links(links) {
    ids = links.map(({ id }) => id)
    tell({ event: 'links', ids })
  },
  received: ({ link, bytes }) => tell({ event: 'heard', link, text: Buffer.from(bytes).toString() }),
  failed: (link, error) => tell({ event: 'failed', link, message: error.message }),
  rejoined() {},
  woken() {},
})

function tell(line) {
  console.log(JSON.stringify(line))
}
