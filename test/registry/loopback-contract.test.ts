import { meet } from './contract.ts'
import { loopbackLink } from './loopback-link.ts'

meet(loopbackLink, { concurrent: true })
