// Owns the rows of the table about many services of one type on one host: what is sent, and what is answered.
// Does not own the sizes that are allowed (src/mdns/limits.ts).
import { PATIENCE, type Row, seconds } from './row.ts'
import type { Stage } from './stage.ts'

const TYPE = 'http'
const TXT = { text: 'x'.repeat(80) }
const QUIET_WITHIN = 4_000
const ANSWERED_WITHIN = 5_000

export interface Crowd {
  readonly count: number
  readonly announced: number
  /** After one PTR question to the whole link. */
  readonly answered: number
  /** Octets of the largest datagram. */
  readonly largest: number
}

export const hundreds: Row<readonly Crowd[]> = {
  title: '100 / 250 services with a TXT value of 80 bytes: largest datagram',
  part: 'publisher',
  run: async (stage) => [await crowd(stage, 0, 100), await crowd(stage, 1, 250)],
  tell: (crowds) => crowds.map(size).join(' / '),
}

export const threeHundred: Row<Crowd> = {
  title: '300 such services, and one PTR question from the LAN',
  part: 'publisher',
  run: (stage) => crowd(stage, 0, 300),
  tell: ({ count, announced, answered }) =>
    `${answered} answered; ${announced === count ? 'all' : announced} announced in ${seconds(PATIENCE)}`,
}

/** The number is that of the link, of which every crowd has its own. */
async function crowd(stage: Stage, number: number, count: number): Promise<Crowd> {
  const lan = stage.lan()
  const witness = await stage.witness(lan, `198.18.${number}.9`)
  const subject = await stage.subject(await stage.subjectHost(lan, `198.18.${number}.1`))
  for (let n = 1; n <= count; n++) subject.publish({ name: `svc-${n}`, type: TYPE, port: 8000 + n, txt: TXT })
  await stage.until(() => witness.announced(TYPE).size >= count || undefined, PATIENCE)
  await stage.quiet(witness, QUIET_WITHIN)
  const asked = Date.now()
  witness.ask(TYPE)
  await stage.until(() => witness.pointedTo(TYPE, asked).size >= count || undefined, ANSWERED_WITHIN)
  return {
    count,
    announced: witness.announced(TYPE).size,
    answered: witness.pointedTo(TYPE, asked).size,
    largest: Math.max(0, ...witness.heard.map(({ size }) => size)),
  }
}

function size({ count, announced, largest }: Crowd): string {
  const bytes = `${largest.toLocaleString('en')} B`
  return announced === count ? bytes : `${bytes} (${announced} announced in ${seconds(PATIENCE)})`
}
