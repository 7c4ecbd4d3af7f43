// The libraries for the same task that npm has.
import { type Library, PEERS, versionOf } from '../network/acceptance/library.ts'
import { type Peer, trial } from './trial.ts'

const MULTICAST_DNS: Library = { name: 'multicast-dns', program: 'multicast-dns.mjs', browses: true }

const TERMS: Readonly<Record<string, Partial<Peer>>> = {}

for (const library of [...PEERS, MULTICAST_DNS]) {
  const version = versionOf(library)
  trial({
    name: `${library.name} ${version ?? ''}`.trim(),
    missing: version === undefined ? 'test/peers/install.sh installs it' : undefined,
    bridged: library.needsBridge === true,
    start: (meeting) => meeting.theirs(library.program),
    ...TERMS[library.name],
  })
}
