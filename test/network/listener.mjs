// The transport alone, on every link that there is: tells which links there are, and what is heard on which. On SIGUSR2
// it sends on each link the name that it was given, and that of the link. Interfaces may follow the name. Ends well on
// SIGTERM.
import { UdpTransport } from '../../dist/net/udp.js'

const [name, ...interfaces] = process.argv.slice(2)
let ids = []
const transport = new UdpTransport(interfaces.length > 0 ? { interfaces } : {})
transport.ref(true)
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
process.on('SIGUSR2', () => {
  for (const link of ids) transport.send({ link, to: 'group', bytes: Buffer.from(`${name} ${link}`) })
})
process.once('SIGTERM', () => transport.close().then(() => transport.ref(false)))

function tell(line) {
  console.log(JSON.stringify(line))
}
