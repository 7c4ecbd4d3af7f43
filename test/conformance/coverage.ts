// Owns which rules of RFC 6762 and RFC 6763 there are, and which of them the titles of tests claim to prove.
// Does not own why a rule does not apply (not-applicable.ts), nor whether the tests pass (score.ts).
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export type Level = 'MUST' | 'SHOULD' | 'MAY' | 'derived'

export interface Rule {
  /** `R224`. */
  readonly rule: string
  /** `tieloser`: the word that goes with the number in a title. */
  readonly label: string
  /** `P`: the letter that the files of this folder begin with. */
  readonly group: string
  readonly level: Level
  readonly section: string
}

/** A rule that a title names; without a label if none follows the number. */
export interface Claim {
  readonly rule: string
  readonly label: string | undefined
}

/** A title as it is written, with where that is. */
export interface Title {
  readonly path: string
  readonly line: number
  readonly claims: readonly Claim[]
}

const TESTS = fileURLToPath(new URL('..', import.meta.url))
/** These talk about rules and titles, and prove nothing of them. */
const ABOUT_RULES = /^conformance\/(coverage|not-applicable|score)\b/

export const RULES: readonly Rule[] = JSON.parse(readFileSync(new URL('rules.json', import.meta.url), 'utf8'))

/** Every rule that a title names: `R11 uconlink, R13 duq: …` names two. */
export function claimsIn(title: string): readonly Claim[] {
  return [...title.matchAll(/\b(R\d+)\b(?: ([a-z]\w*)(?=[,:;)]| >|$))?/g)].map(([, rule = '', label]) => ({
    rule,
    label,
  }))
}

/** Every string of the tests that names a rule and says more than its number: only titles do. */
export function titlesOfTests(): readonly Title[] {
  return readdirSync(TESTS, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts') && !ABOUT_RULES.test(path))
    .flatMap((path) => titlesIn(path, readFileSync(join(TESTS, path), 'utf8')))
}

export function titlesIn(path: string, text: string): readonly Title[] {
  return text.split('\n').flatMap((line, index) =>
    [...line.matchAll(/(['"`])(?!R\d+\1)((?:(?!\1).)*\bR\d+\b.*?)\1/g)].map(([, , title = '']) => {
      return { path, line: index + 1, claims: claimsIn(title) }
    }),
  )
}

/** What is wrong with the titles and the explanations: nothing, when every rule has one or the other. */
export function faultsOf(titles: readonly Title[], explained: ReadonlyMap<string, string>): readonly string[] {
  const labels = new Map(RULES.map(({ rule, label }) => [rule, label]))
  const proven = new Set(titles.flatMap(({ claims }) => claims.map(({ rule }) => rule)))
  const mislabelled = titles.flatMap(({ path, line, claims }) =>
    claims
      .filter(({ rule, label }) => label === undefined || labels.get(rule) !== label)
      .map(({ rule, label = '' }) => `${path}:${line} has "${rule} ${label}", not "${rule} ${labels.get(rule)}"`),
  )
  const uneven = RULES.filter(({ rule }) => proven.has(rule) === explained.has(rule)).map(
    ({ rule, label }) => `${rule} ${label} has ${proven.has(rule) ? 'both a test and' : 'neither a test nor'} a reason`,
  )
  const unreasoned = [...explained].flatMap(([rule, reason]) => {
    if (!labels.has(rule)) return [`${rule} is no rule`]
    return isSentence(reason) ? [] : [`the reason for ${rule} is no sentence`]
  })
  return [...mislabelled, ...uneven, ...unreasoned]
}

function isSentence(text: string): boolean {
  return /^[A-Z].*\.$/.test(text) && text.split(' ').length >= 6
}
