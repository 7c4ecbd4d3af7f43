// Owns `lookup`: the addresses of one host.
// Does not own how they are found (dnssd).
import { EXIT, type ExitCode } from '../exit-code.ts'
import { ADDRESS_COLUMNS, formatAddress } from '../format.ts'
import type { Session } from '../session.ts'

export async function lookup(session: Session, host: string, family: 4 | 6 | undefined): Promise<ExitCode> {
  const options = family === undefined ? session.wait : { ...session.wait, family }
  const addresses = await session.dnssd().lookup(host, options)
  session.output.list(
    ADDRESS_COLUMNS,
    addresses.map((address) => formatAddress(host, address)),
  )
  return EXIT.ok
}
