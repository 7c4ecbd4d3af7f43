import { meet } from './contract.ts'
import { simulatedLink } from './mdns-link.ts'

meet(() => simulatedLink())
