// dnssd, a browser and publisher in JavaScript.
import { DNSSD } from '../network/acceptance/library.ts'
import { trialOf } from './library-trial.ts'

trialOf(DNSSD, {
  apart: ['txtOfTheirs', 'goodbyeOfTheirs', 'conflictWithTheirs'],
  // Of several IPv6 addresses it tells the one with which it sends.
  tells: (addresses) => addresses.filter((address) => !address.startsWith('2001:')),
  otherwise: {
    conflictWithTheirs: {
      outcome: 'theirs',
      remark: 'a probe that asks for a unicast reply gets none if it comes from no private address, as here',
      evidence: /expected 'iop-their-name' not to be 'iop-their-name'/,
    },
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
})
