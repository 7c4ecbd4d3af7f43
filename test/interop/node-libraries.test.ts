// The libraries for the same task that npm has.
import { type Library, PEERS, versionOf } from '../network/acceptance/library.ts'
import { type Peer, trial } from './trial.ts'

const MULTICAST_DNS: Library = { name: 'multicast-dns', program: 'multicast-dns.mjs', browses: true }

const NO_BROWSER = 'it has no browser'
const ONLY_TEXT = 'its TXT values are text'
const NO_PROBES = 'it sends and receives packets; names are left to the program'

const TERMS: Readonly<Record<string, Partial<Peer>>> = {
  '@homebridge/ciao': {
    notOffered: {
      browse: NO_BROWSER,
      dotsOfOurs: NO_BROWSER,
      subtypesOfOurs: NO_BROWSER,
      resolveOurs: NO_BROWSER,
      txtOfOurs: NO_BROWSER,
      updateOurs: NO_BROWSER,
      goodbyeOfOurs: NO_BROWSER,
      txtOfTheirs: ONLY_TEXT,
    },
    hostOf: (service) => service.replaceAll(' ', '-'),
  },
  'bonjour-service': {
    notOffered: {
      updateTheirs: 'what is published cannot be changed',
      subtypesOfOurs: 'its browser knows no subtypes',
      txtOfTheirs: ONLY_TEXT,
    },
    otherwise: {
      dotsOfTheirs: {
        outcome: 'theirs',
        remark: 'a dot in a name is published as a hyphen',
        evidence: /'Printer v1-2 -local' to be 'Printer v1\.2 \.local'/,
      },
      dotsOfOurs: {
        outcome: 'theirs',
        remark: 'what comes after a dot in a name is taken for the type: not listed',
        evidence: /listed: \[\]/,
      },
      updateOurs: {
        outcome: 'theirs',
        remark:
          'reads a TXT record only beside the PTR record, which an update in place does not repeat, RFC 6762 §8.4',
        evidence: /"txt":\{"version":"1"\}/,
      },
      conflictWithOurs: {
        outcome: 'ok',
        remark: 'does not publish then',
        evidence: /already in use/,
      },
    },
  },
  dnssd: {
    // Of several IPv6 addresses it tells the one with which it sends.
    tells: (addresses) => addresses.filter((address) => !address.startsWith('2001:')),
    otherwise: {
      txtOfTheirs: {
        outcome: 'theirs',
        remark: 'a value beyond ASCII is cut to as many bytes as it has characters',
        evidence: /"text":"Grüße ="/,
      },
      txtOfOurs: {
        outcome: 'theirs',
        remark: 'an empty value is read as none',
        evidence: /"empty":null/,
      },
    },
  },
  'multicast-dns': { notOffered: { conflictWithTheirs: NO_PROBES, conflictWithOurs: NO_PROBES } },
}

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
