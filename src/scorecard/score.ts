import type { ScorecardEvidence } from './evidence.ts'
import { keeping } from './keeping.ts'
import { knowing } from './knowing.ts'
import type { Finding, Question } from './question.ts'
import { daysBetween } from './signs.ts'
import { using } from './using.ts'

/** In order of their numbers. */
export const questions: readonly Question[] = [...knowing, ...using, ...keeping].sort((a, b) => a.number - b.number)

/** What a team said longer ago is asked again. */
const ANSWER_DAYS = 366
const points = { yes: 1, partly: 0.5, no: 0 } as const
/** Beside `resegment.yaml`. */
export const ANSWERS_FILE = 'scorecard.yaml'

export interface JudgedSign extends Finding {
  readonly wanted: string
  /** What would raise the score; null: nothing, it is all there. */
  readonly raise: string | null
  readonly command: string | null
}

export interface JudgedQuestion {
  readonly number: number
  readonly text: string
  /** Points for what is there, 0 to 100; what nobody can tell counts as not there. */
  readonly score: number
  /** Points if all that nobody can tell were there. */
  readonly most: number
  readonly signs: readonly JudgedSign[]
}

export interface Scorecard {
  /** ISO 8601, UTC. */
  readonly now: string
  /** Mean of the questions, 0 to 100. */
  readonly score: number
  readonly most: number
  readonly questions: readonly JudgedQuestion[]
}

/** A scorecard as a whole, as it was kept. */
export interface KeptScore {
  /** ISO 8601, UTC. */
  readonly askedAt: string
  /** Mean of its questions, 0 to 100. */
  readonly score: number
  readonly most: number
}

/** Answers the questions from evidence. Every sign of a question counts alike, and every question. */
export function judge(evidence: ScorecardEvidence): Scorecard {
  const judged = questions.map((question) => judgeQuestion(question, evidence))
  return {
    now: evidence.now,
    score: mean(judged.map(({ score }) => score)),
    most: mean(judged.map(({ most }) => most)),
    questions: judged,
  }
}

function judgeQuestion(question: Question, evidence: ScorecardEvidence): JudgedQuestion {
  const signs = question.signs.map((sign): JudgedSign => {
    const { wanted, raise, command } = sign
    const finding = sign.look(evidence)
    const isWhole = finding.met === 1
    return { wanted, ...finding, raise: isWhole ? null : raise, command: isWhole ? null : command }
  })
  const all = question.asks === undefined ? signs : [...signs, asked(question.number, question.asks, evidence)]
  return {
    number: question.number,
    text: question.text,
    score: mean(all.map(({ met }) => 100 * (met ?? 0))),
    most: mean(all.map(({ met }) => 100 * (met ?? 1))),
    signs: all,
  }
}

function asked(number: number, question: string, { answers, now }: ScorecardEvidence): JudgedSign {
  const given = answers.get(number)
  const where = `${ANSWERS_FILE}, answer ${number}`
  const raise = `Answer question ${number} in ${ANSWERS_FILE}.`
  const nobody = { wanted: question, met: null, where, raise, command: null }
  if (!given) return { ...nobody, because: 'The team has not said.', at: null }
  const { answer, note, by, on } = given
  const at = `${on}T00:00:00.000Z`
  if (daysBetween(at, now) > ANSWER_DAYS)
    return { ...nobody, because: `${by} said "${answer}" more than a year ago.`, at }
  return {
    ...nobody,
    met: points[answer],
    because: `${by} says ${answer}${note === undefined ? '' : `: ${note}`}.`,
    at,
    raise: answer === 'yes' ? null : 'Make it so, and say so when it is.',
  }
}

function mean(values: readonly number[]): number {
  return Math.round(values.reduce((sum, value) => sum + value, 0) / values.length)
}
