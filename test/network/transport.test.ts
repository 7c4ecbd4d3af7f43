// The transport on two wires, to a peer that is on both: what comes in on one is heard there, and only there.
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { UdpTransport } from '../../src/net/udp.ts'
import { Recorder } from '../net/recorder.ts'

const PEER = fileURLToPath(new URL('peer.mjs', import.meta.url))
const NAMESPACE = `mdnsr-net-${process.pid}`
const LINKS = ['wirea/4', 'wirea/6', 'wireb/4', 'wireb/6']
const recorder = new Recorder()
const transport = new UdpTransport({ interfaces: ['wirea', 'wireb'] })

beforeAll(async () => {
  ip('netns add', NAMESPACE)
  ip('-n', NAMESPACE, 'link set lo up')
  wire('wirea', 'peera', '198.18.1')
  wire('wireb', 'peerb', '198.18.2')
  await transport.open(recorder)
  await recorder.until(() => recorder.ids.length === LINKS.length)
  // Until the next look at the interfaces a source of the other wire may have been queued before that was shut out.
  await new Promise((resolve) => setTimeout(resolve, 1_500))
})

afterAll(async () => {
  await transport.close()
  ip('link del wirea')
  ip('link del wireb')
  ip('netns delete', NAMESPACE)
})

test('R2 grp6: both families of both wires are links', () => {
  expect(recorder.ids).toEqual(LINKS)
})

test.each([
  ['wirea/4', '198.18.1.2', '198.18.1.2', '224.0.0.251'],
  ['wireb/4', '198.18.2.2', '198.18.2.2', '224.0.0.251'],
  ['wirea/6', '::', '::%peera', 'ff02::fb'],
  ['wireb/6', '::', '::%peerb', 'ff02::fb'],
])('a multicast on %s is heard once, on that link', async (link, source, multicastInterface, destination) => {
  await heardOnlyOn(link, `group on ${link}`, source, multicastInterface, destination)
})

test('R10 mconlink: a source of the other wire, or of none, counts for the wire that it came in on', async () => {
  await heardOnlyOn('wireb/4', 'a source of wire a', '198.18.1.2', '198.18.2.2', '224.0.0.251')
  ip('-n', NAMESPACE, 'addr add 198.19.7.7/32 dev lo')
  await heardOnlyOn('wirea/4', 'a source of no wire', '198.19.7.7', '198.18.1.2', '224.0.0.251')
})

test('unicast is heard on the link that has the address, and not through the group', async () => {
  await heardOnlyOn('wirea/4', 'unicast', '198.18.1.2', '198.18.1.2', '198.18.1.1')
  const datagram = recorder.datagrams.find(({ bytes }) => String(bytes) === 'unicast')
  expect(datagram?.viaGroup).toBe(false)
  expect(datagram?.from.address).toBe('198.18.1.2')
})

test('R17 ownecho: what is sent on a link comes back on that link', async () => {
  for (const link of LINKS) {
    transport.send({ link, to: 'group', bytes: Buffer.from(`echo on ${link}`) })
    await recorder.until(() => recorder.texts(link).includes(`echo on ${link}`))
  }
  for (const { link, bytes, from } of recorder.datagrams.slice(-LINKS.length)) {
    expect(String(bytes)).toBe(`echo on ${link}`)
    expect(from.address).not.toContain('%')
  }
})

test('an address that changes is sent from within three seconds', async () => {
  ip('addr del 198.18.2.1/24 dev wireb')
  ip('addr add 198.18.2.77/24 dev wireb')
  await recorder.until(() =>
    (recorder.lists.at(-1) ?? []).some(({ addresses }) => addresses[0]?.address === '198.18.2.77'),
  )
  transport.send({ link: 'wireb/4', to: 'group', bytes: Buffer.from('from the new address') })
  await recorder.until(() => recorder.texts('wireb/4').includes('from the new address'))
  expect(recorder.datagrams.at(-1)?.from.address).toBe('198.18.2.77')
})

test('a wire that goes is no link any more, one that comes back is one again', async () => {
  ip('link del wireb')
  await recorder.until(() => recorder.ids.length === 2)
  wire('wireb', 'peerb', '198.18.2')
  await recorder.until(() => recorder.ids.length === LINKS.length)
  await heardOnlyOn('wirea/4', 'wire a after all', '198.18.1.2', '198.18.1.2', '224.0.0.251')
  await heardOnlyOn('wireb/4', 'wire b again', '198.18.2.2', '198.18.2.2', '224.0.0.251')
})

async function heardOnlyOn(link: string, text: string, ...words: string[]): Promise<void> {
  const family = link.endsWith('6') ? '6' : '4'
  const [source = '', on = '', to = ''] = words
  execFileSync('ip', ['netns', 'exec', NAMESPACE, process.execPath, PEER, family, source, on, to, text])
  // What was heard on the wrong link would be there before this comes back on every link of its own.
  await recorder.until(() => recorder.texts(link).includes(text))
  const marker = `after ${text}`
  for (const id of recorder.ids) transport.send({ link: id, to: 'group', bytes: Buffer.from(marker) })
  await recorder.until(() => recorder.ids.every((id) => recorder.texts(id).includes(marker)))
  expect(recorder.datagrams.filter(({ bytes }) => String(bytes) === text).map((datagram) => datagram.link)).toEqual([
    link,
  ])
}

function wire(here: string, there: string, net: string): void {
  ip('link add', here, 'type veth peer name', there, 'netns', NAMESPACE)
  address([], here, `${net}.1`, 'fe80::1')
  address(['-n', NAMESPACE], there, `${net}.2`, 'fe80::2')
}

/** The IPv6 address is given by hand, to be spared the seconds in which the kernel makes sure that nobody has it. */
function address(at: readonly string[], name: string, address4: string, address6: string): void {
  ip(...at, 'link set', name, 'addrgenmode none')
  ip(...at, 'link set', name, 'up')
  ip(...at, `addr add ${address4}/24 dev`, name)
  ip(...at, `addr add ${address6}/64 dev`, name, 'nodad')
}

function ip(...words: readonly string[]): void {
  execFileSync('ip', words.join(' ').split(' '))
}
