// Owns the score: how many rules of each group are proven, explained, failing or open, and whether that will do.
// Does not own which rules there are (coverage.ts) nor the running of tests (score-reporter.ts).
import { claimsIn, type Level, RULES, type Rule } from './coverage.ts'

export type Standing = 'proven' | 'explained' | 'open' | 'failing'

export interface Outcome {
  /** With the titles of the chapters that it stands in. */
  readonly title: string
  readonly state: 'passed' | 'failed' | 'left out'
}

export type Standings = ReadonlyMap<Rule, Standing>

const LEVELS: readonly Level[] = ['MUST', 'SHOULD', 'MAY', 'derived']
const STANDINGS: readonly Standing[] = ['proven', 'explained', 'open', 'failing']

/** A rule is proven by tests that all pass; one that fails spoils it, and one that did not run says nothing. */
export function standingsOf(outcomes: readonly Outcome[], explained: ReadonlyMap<string, string>): Standings {
  const passed = new Set<string>()
  const failed = new Set<string>()
  for (const { title, state } of outcomes) {
    if (state === 'left out') continue
    for (const { rule } of claimsIn(title)) (state === 'passed' ? passed : failed).add(rule)
  }
  const standing = ({ rule }: Rule): Standing => {
    if (failed.has(rule)) return 'failing'
    if (passed.has(rule)) return 'proven'
    return explained.has(rule) ? 'explained' : 'open'
  }
  return new Map(RULES.map((rule) => [rule, standing(rule)]))
}

/** The table: a row for each group and each level, then the rules that are open or failing, one by one. */
export function linesOf(standings: Standings): readonly string[] {
  const groups = [...new Set(RULES.map(({ group }) => group))]
  const row = (title: string, belongs: (rule: Rule) => boolean) => {
    const own = [...standings].filter(([rule]) => belongs(rule)).map(([, standing]) => standing)
    return cells(title, [own.length, ...STANDINGS.map((each) => own.filter((standing) => standing === each).length)])
  }
  const wanting = [...standings].filter(([, standing]) => standing === 'open' || standing === 'failing')
  return [
    cells('', ['rules', ...STANDINGS]),
    ...groups.map((letter) => row(letter, ({ group }) => group === letter)),
    ...LEVELS.map((wanted) => row(wanted, ({ level }) => level === wanted)),
    row('total', () => true),
    ...wanting.map(([{ rule, label, level }, standing]) => `${standing}: ${rule} ${label} (${level})`),
  ]
}

/** Every MUST is proven or explained. */
export function willDo(standings: Standings): boolean {
  return [...standings].every(([{ level }, standing]) => level !== 'MUST' || STANDINGS.indexOf(standing) < 2)
}

function cells(title: string, values: readonly (string | number)[]): string {
  return title.padEnd(8) + values.map((value) => String(value).padStart(10)).join('')
}
