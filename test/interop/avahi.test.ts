// Avahi, by its interface on the message bus; its own programs are in avahi-programs.test.ts.
import { afterAll } from 'vitest'
import { Avahi } from '../network/avahi.ts'
import { trial } from './trial.ts'

const version = Avahi.version()

afterAll(() => Avahi.stopAll())

trial({
  name: `avahi ${version ?? ''}`.trim(),
  missing: version === undefined ? 'apt-get install avahi-daemon avahi-utils dbus' : undefined,
  async start(meeting) {
    await meeting.theirHost.running()
    const { bus } = await Avahi.start(meeting.theirHost)
    return meeting.theirs('avahi.py', ['env', bus])
  },
  tells: (addresses) => addresses.filter((address) => !address.startsWith('fe80:')),
  // A resolver tells one address of an IP version; of the IPv6 ones that may be any.
  reads: (addresses) => addresses.filter((address) => !address.includes(':')),
})
