import { meet } from './contract.ts'
import { bothLink } from './micro-link.ts'

meet(() => bothLink())
