import type { JudgedQuestion, JudgedSign, KeptScore, Scorecard } from '../scorecard/score.ts'
import { countOf } from './figures.ts'
import { SCREEN_COLUMNS, wrapText } from './wrap-text.ts'

const INDENT = ' '.repeat(10)
const DAY_MS = 24 * 60 * 60 * 1000

/** A paragraph a question: the score, what it is judged by, how old that is, and what would raise it. */
export function scorecardLines(card: Scorecard): readonly string[] {
  return [...card.questions.flatMap((question) => [...questionLines(question, card.now), '']), ...totalLines(card)]
}

function questionLines({ number, text, signs, ...range }: JudgedQuestion, now: string): readonly string[] {
  const [first = '', ...others] = wrapText(`${number}. ${text}`, SCREEN_COLUMNS - INDENT.length)
  return [
    `${rangeText(range).padStart(8)}  ${first}`,
    ...others.map((line) => INDENT + line),
    ...signs.flatMap((sign) => signLines(sign, now)),
  ]
}

function signLines(sign: JudgedSign, now: string): readonly string[] {
  const { wanted, because, where, at } = sign
  const age = at === null ? '' : `, ${ageText(at, now)}`
  const said = `${wanted} ${because}${where === null ? '' : ` (${where}${age})`}`
  const next = nextStep(sign)
  return [
    ...hang(`${markOf(sign)} ${said}`, INDENT, `${INDENT}  `),
    ...(next === null ? [] : hang(`→ ${next}`, `${INDENT}  `, `${INDENT}    `)),
  ]
}

/** `+` it is so, `-` it is not, `~` partly, `?` nobody can tell. */
function markOf({ met }: JudgedSign): string {
  if (met === null) return '?'
  return met === 1 ? '+' : met === 0 ? '-' : '~'
}

/** What to do next, with its command. */
export function nextStep({ raise, command }: Pick<JudgedSign, 'raise' | 'command'>): string | null {
  if (raise === null) return null
  return command === null ? raise : `${raise} ${command}`
}

function totalLines({ score, most, questions }: Scorecard): readonly string[] {
  const open = questions.flatMap(({ signs }) => signs).filter(({ met }) => met === null).length
  return [
    `${rangeText({ score, most }).padStart(8)}  of 100 altogether${open === 0 ? '' : `; ${countOf(open, 'sign')} nobody can tell yet`}`,
  ]
}

/** How the score went, one line a scorecard that was kept. */
export function scoreHistory(kept: readonly KeptScore[]): readonly string[] {
  if (kept.length === 0) return ['No scorecard was kept yet: say --save.']
  return kept.map((one) => `${one.askedAt.slice(0, 10)}  ${rangeText(one)}`)
}

/** `54`, or `40–70` where some of it nobody can tell. */
export function rangeText({ score, most }: { readonly score: number; readonly most: number }): string {
  return score === most ? String(score) : `${score}–${most}`
}

export function ageText(at: string, now: string): string {
  const days = Math.floor((Date.parse(now) - Date.parse(at)) / DAY_MS)
  return days <= 0 ? 'today' : `${countOf(days, 'day')} old`
}

function hang(text: string, first: string, others: string): readonly string[] {
  return wrapText(text, SCREEN_COLUMNS - others.length).map((line, index) => (index === 0 ? first : others) + line)
}
