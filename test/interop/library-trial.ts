// Owns how a library of npm is tried: by its program in test/peers.
// Does not own what is expected of it (its own test file).
import { type Library, versionOf } from '../network/acceptance/library.ts'
import { type Peer, trial } from './trial.ts'

export function trialOf(library: Library, terms: Partial<Peer>): void {
  const version = versionOf(library)
  trial({
    name: `${library.name} ${version ?? ''}`.trim(),
    missing: version === undefined ? 'test/peers/install.sh installs it' : undefined,
    bridged: library.needsBridge === true,
    start: (meeting) => meeting.theirs(library.program),
    ...terms,
  })
}
