// Owns what the kernel counts of a process that it runs: time on the processor, and datagrams lost at its sockets.
// Does not own the process.
import { readdirSync, readFileSync } from 'node:fs'

/** Microseconds on a processor, of all its threads. */
export function cpuTime(pid) {
  let nanoseconds = 0
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    nanoseconds += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0])
  }
  return nanoseconds / 1e3
}

/** Datagrams that arrived in its network namespace for a socket, and those that the sockets had no room for. */
export function udpCounts(pid) {
  const rows = readFileSync(`/proc/${pid}/net/snmp`, 'utf8').split('\n')
  const [names, values] = rows.filter((row) => row.startsWith('Udp:')).map((row) => row.split(' '))
  const count = (name) => Number(values[names.indexOf(name)])
  return { received: count('InDatagrams'), lost: count('RcvbufErrors'), sent: count('OutDatagrams') }
}
