// @homebridge/ciao, the responder of Homebridge.
import { CIAO } from '../network/acceptance/library.ts'
import { trialOf } from './library-trial.ts'

const NO_BROWSER = 'it has no browser'
const ONLY_TEXT = 'its TXT values are text'

trialOf(CIAO, {
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
})
