// Owns real sockets on a UDP port that is nobody's, under a host that believes it is that of Multicast DNS.
// Does not own the sockets (src/net/udp.ts).
import type { Transport, TransportListener } from '../../src/host/ports.ts'
import { MDNS_PORT } from '../../src/mdns/admission.ts'
import type { Send } from '../../src/mdns/types.ts'
import { UdpTransport } from '../../src/net/udp.ts'

/** A host heeds no response from another port, RFC 6762 §6, so the port is translated on the way in and out. */
export function loopbackOn(port: number): Transport {
  const udp = new UdpTransport({ interfaces: 'loopback', port })
  const translated = (number: number, from: number, to: number) => (number === from ? to : number)
  return {
    open: (on) => udp.open(translating(on, (number) => translated(number, port, MDNS_PORT))),
    send: (send) => udp.send(readdressed(send, (number) => translated(number, MDNS_PORT, port))),
    close: () => udp.close(),
    ref: (alive) => udp.ref(alive),
    receiveBuffers: () => udp.receiveBuffers(),
  }
}

function translating(on: TransportListener, translate: (port: number) => number): TransportListener {
  return {
    received: (datagram) => {
      const { from } = datagram
      on.received({ ...datagram, from: { ...from, port: translate(from.port) } })
    },
    links: (links) => on.links(links),
    woken: () => on.woken(),
    rejoined: (link) => on.rejoined(link),
    failed: (link, error) => on.failed(link, error),
  }
}

function readdressed(send: Send, translate: (port: number) => number): Send {
  const { to } = send
  return to === 'group' ? send : { ...send, to: { ...to, port: translate(to.port) } }
}
