import { meet } from './contract.ts'
import { microLink } from './micro-link.ts'

meet(() => microLink())
