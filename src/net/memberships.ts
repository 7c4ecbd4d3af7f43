// Owns the question whether the system still has us in the group, where it can be asked.
// Does not own the joining (link-socket.ts).
import { readFileSync } from 'node:fs'

/** The group as the two lists of Linux have it: IPv4 as a number in the byte order of the machine. */
const IPV4 = /^\s+(?:FB0000E0|E00000FB)\s/
const IPV6 = /^\d+\s+(\S+)\s+ff0200000000000000000000000000fb\s/
/** `2   lan0   :     2      V3`, before the groups of this interface. */
const INTERFACE = /^\d+\s+(\S+?)\s*:/

/** The ids of the links on which this machine is in the group of mDNS; undefined where the system does not tell. */
export function memberships(): ReadonlySet<string> | undefined {
  const [four, six] = ['/proc/net/igmp', '/proc/net/igmp6'].map(linesOf)
  // Without IPv6 there is no list for it.
  return four && new Set([...ofIPv4(four), ...ofIPv6(six ?? [])])
}

function linesOf(path: string): readonly string[] | undefined {
  try {
    return readFileSync(path, 'utf8').split('\n')
  } catch {
    return undefined
  }
}

function ofIPv4(lines: readonly string[]): readonly string[] {
  let name = ''
  return lines.flatMap((line) => {
    name = INTERFACE.exec(line)?.[1] ?? name
    return IPV4.test(line) ? [`${name}/4`] : []
  })
}

function ofIPv6(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => {
    const name = IPV6.exec(line)?.[1]
    return name === undefined ? [] : [`${name}/6`]
  })
}
