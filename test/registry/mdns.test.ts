import { describe } from 'vitest'
import { registryContract } from './contract.ts'
import { simulatedLink } from './mdns-link.ts'

describe('mdns', () => {
  registryContract(() => simulatedLink())
})
