// bonjour-service, a browser and publisher in JavaScript.
import { BONJOUR_SERVICE } from '../network/acceptance/library.ts'
import { trialOf } from './library-trial.ts'

const ONLY_TEXT = 'its TXT values are text'

trialOf(BONJOUR_SERVICE, {
  // It takes addresses from the message with the SRV record alone, and we multicast them once a second at most.
  apart: ['resolveOurs', 'txtOfOurs'],
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
      remark: 'reads a TXT record only beside the PTR record, which an update in place does not repeat, RFC 6762 §8.4',
      evidence: /"txt":\{"version":"1"\}/,
    },
    conflictWithOurs: {
      outcome: 'ok',
      remark: 'does not publish then',
      evidence: /already in use/,
    },
  },
})
