// systemd-resolved, which resolves and publishes by multicast where it is told to, by its interface on the message bus.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { trial } from './trial.ts'

const UNPACKED = fileURLToPath(new URL('../peers/systemd/', import.meta.url))
const { stdout } = spawnSync(`${UNPACKED}usr/bin/resolvectl`, ['--version'], {
  encoding: 'utf8',
  env: { LD_LIBRARY_PATH: `${UNPACKED}usr/lib/x86_64-linux-gnu/systemd` },
})
const [, version] = /^systemd (\d+)/.exec(stdout ?? '') ?? []

const NO_SUBTYPES = 'it knows no subtypes'

trial({
  name: `systemd-resolved ${version ?? ''}`.trim(),
  missing: version === undefined ? 'test/peers/install.sh unpacks it (apt-get, dbus)' : undefined,
  start: (meeting) => meeting.theirs('systemd-resolved.py', ['unshare', '--mount']),
  // One that is withdrawn takes all others with it for a moment.
  apart: ['goodbyeOfTheirs', 'goodbyeOfOurs', 'conflictWithTheirs'],
  otherwise: {
    conflictWithOurs: { outcome: 'ok', remark: 'does not publish then, and signals it', evidence: /is in conflict/ },
  },
  notOffered: {
    subtypesOfTheirs: NO_SUBTYPES,
    subtypesOfOurs: NO_SUBTYPES,
    txtOfTheirs: 'an empty value is a key without one',
    updateTheirs: 'a service is registered anew instead',
  },
})
