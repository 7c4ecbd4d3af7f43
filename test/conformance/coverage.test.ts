import { describe, expect, test } from 'vitest'
import { claimsIn, faultsOf, RULES, titlesIn, titlesOfTests } from './coverage.ts'
import { NOT_APPLICABLE } from './not-applicable.ts'
import { linesOf, standingsOf, willDo } from './score.ts'

test('every rule has a test or a reason why it needs none, under its right name', () => {
  expect(RULES).toHaveLength(333)
  expect(faultsOf(titlesOfTests(), NOT_APPLICABLE)).toEqual([])
})

describe('the table', () => {
  const everyRule = RULES.map(({ rule, label }) => `test('${rule} ${label}: x')`).join('\n')
  const reasons = (...pairs: readonly (readonly [string, string])[]) => new Map(pairs)
  const reason = 'Nothing of the kind is offered here.'

  test('names each rule that a title names', () => {
    const [first, second] = [
      { rule: 'R11', label: 'uconlink' },
      { rule: 'R13', label: 'duq' },
    ]
    expect(claimsIn('goal 12, R11 uconlink, R13 duq: two at once')).toEqual([first, second])
    expect(claimsIn('a chapter (R11 uconlink) > R13 duq > a test')).toEqual([first, second])
    expect(claimsIn('R39 names are found')).toEqual([{ rule: 'R39', label: undefined }])
    expect(claimsIn('nothing of R, R2D2 or 5R5')).toEqual([])
    expect(titlesIn('a.ts', "x\ntest.each([1, 'a'])('R13 duq: it\\'s `so`', () => 'R'")).toEqual([
      { path: 'a.ts', line: 2, claims: [second] },
    ])
  })

  test('finds a rule with neither test nor reason, with both, a wrong label and a bad reason', () => {
    expect(faultsOf(titlesIn('a.ts', everyRule), reasons())).toEqual([])
    const without = everyRule.replace("test('R61 oneshotport: x')\n", '')
    expect(faultsOf(titlesIn('a.ts', without), reasons())).toEqual(['R61 oneshotport has neither a test nor a reason'])
    expect(faultsOf(titlesIn('a.ts', without), reasons(['R61', reason]))).toEqual([])
    expect(faultsOf(titlesIn('a.ts', everyRule), reasons(['R61', reason]))).toEqual([
      'R61 oneshotport has both a test and a reason',
    ])
    for (const wrong of ["'R61 oneshot: x'", "'R61: x'", "'R334 new: x'"]) {
      expect(faultsOf(titlesIn('a.ts', `${everyRule}\n${wrong}`), reasons())).toHaveLength(1)
    }
    for (const bad of ['', 'no', 'Not applicable.', 'nothing of the kind is offered here.']) {
      expect(faultsOf(titlesIn('a.ts', without), reasons(['R61', bad]))).toHaveLength(1)
    }
    expect(faultsOf(titlesIn('a.ts', everyRule), reasons(['R334', reason]))).toEqual(['R334 is no rule'])
  })
})

describe('the score', () => {
  const passing = RULES.map(({ rule, label }) => ({ title: `${rule} ${label}: x`, state: 'passed' as const }))
  const [grp4] = passing

  test('is good when every MUST is proven or explained', () => {
    expect(willDo(standingsOf(passing, new Map()))).toBe(true)
    expect(willDo(standingsOf(passing.slice(1), new Map()))).toBe(false)
    expect(willDo(standingsOf(passing.slice(1), new Map([['R1', '']])))).toBe(true)
    const maySlip = passing.filter(({ title }) => !title.startsWith('R8 '))
    expect(willDo(standingsOf(maySlip, new Map()))).toBe(true)
  })

  test('counts a rule as failing if one of its tests fails, and not at all if none ran', () => {
    const failed = { title: `chapter > ${grp4?.title}`, state: 'failed' as const }
    expect(linesOf(standingsOf([...passing, failed], new Map())).at(-1)).toBe('failing: R1 grp4 (MUST)')
    const leftOut = { title: grp4?.title ?? '', state: 'left out' as const }
    expect(linesOf(standingsOf([...passing.slice(1), leftOut], new Map())).at(-1)).toBe('open: R1 grp4 (MUST)')
    const total = linesOf(standingsOf(passing, new Map())).at(-1)
    expect(total?.split(/ +/)).toEqual(['total', '333', '333', '0', '0', '0'])
  })
})
