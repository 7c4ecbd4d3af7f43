import { test } from 'vitest'
import { expectOneRename } from './contest.ts'

test('goal 34: of two hosts that want one name one keeps it, the other renames once, in five seconds', () => {
  expectOneRename(300)
})
