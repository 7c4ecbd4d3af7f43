// Owns what makes two questions of a message the same, so that asking one a thousand times is no more work than once.
// Does not own the answers (responder.ts).
import type { Question } from '../wire/types.ts'
import { setKey } from './rr.ts'

/** The questions in their order, each of them once. */
export function distinct(questions: readonly Question[]): readonly Question[] {
  if (questions.length < 2) return questions
  const byKey = new Map<string, Question>()
  for (const question of questions) {
    const key = `${setKey(question.name, question.type)} ${question.class} ${question.unicast}`
    if (!byKey.has(key)) byKey.set(key, question)
  }
  return [...byKey.values()]
}
