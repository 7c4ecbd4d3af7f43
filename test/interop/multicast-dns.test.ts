// multicast-dns, on which programs build their own browsers and publishers.
import { MULTICAST_DNS } from '../network/acceptance/library.ts'
import { trialOf } from './library-trial.ts'

const NO_PROBES = 'it sends and receives packets; names are left to the program'

trialOf(MULTICAST_DNS, { notOffered: { conflictWithTheirs: NO_PROBES, conflictWithOurs: NO_PROBES } })
