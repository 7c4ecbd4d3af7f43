// Owns the entry `mdns-registry/contract`: what every backend has to do, for the tests of those who write one.
// Does not own the cases (contract/chapters/).
import type { ContractCase } from './contract/case.ts'
import { close } from './contract/chapters/close.ts'
import { conflicts } from './contract/chapters/conflicts.ts'
import { deregister } from './contract/chapters/deregister.ts'
import { getService } from './contract/chapters/get-service.ts'
import { goMicro } from './contract/chapters/go-micro.ts'
import { listServices } from './contract/chapters/list-services.ts'
import { names } from './contract/chapters/names.ts'
import { refusals } from './contract/chapters/refusals.ts'
import { register } from './contract/chapters/register.ts'
import { registerAgain } from './contract/chapters/register-again.ts'
import { signals } from './contract/chapters/signals.ts'
import { ttl } from './contract/chapters/ttl.ts'
import { watch } from './contract/chapters/watch.ts'
import { watchEnd } from './contract/chapters/watch-end.ts'

export type { ContractCase } from './contract/case.ts'
export type { ContractLink, Lack, MakeLink } from './contract/link.ts'
export { type RealTimeOptions, realTime } from './contract/real-time.ts'
export { type VirtualTimeOptions, type VirtualWorld, virtualTime } from './contract/virtual-time.ts'

/** All cases. They assert by `node:assert`, know of no test runner, and may run at the same time. */
export const contract: readonly ContractCase[] = [
  register,
  names,
  getService,
  listServices,
  registerAgain,
  ttl,
  conflicts,
  refusals,
  deregister,
  watch,
  watchEnd,
  signals,
  close,
  goMicro,
].flat()
