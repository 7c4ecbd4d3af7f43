import { meet } from './contract.ts'
import { memoryLink } from './memory-link.ts'

meet(memoryLink)
