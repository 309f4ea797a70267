import type { GateOutcome } from '../run/verdict.ts'
import type { JudgedQuestion, JudgedSign, KeptScore, Scorecard } from '../scorecard/score.ts'
import type { ComparisonPage, Section, Table } from './comparison/page.ts'
import { renderHtml } from './comparison/render-html.ts'
import { ageText, nextStep, rangeText } from './scorecard-lines.ts'

const GOOD = 70
const FAIR = 40

/** The scorecard as one HTML file that needs nothing else. */
export function scorecardPage(card: Scorecard, kept: readonly KeptScore[]): string {
  const { now, questions, ...range } = card
  const unknown = questions.filter(({ score, most }) => score !== most).length
  const page: ComparisonPage = {
    title: 'Scorecard of customer segmentation',
    facts: [now.slice(0, 10), `${questions.length} questions`, 'every sign of a question counts alike'],
    verdict: { label: 'Score', outcome: toneOf(range.score), text: `${rangeText(range)} of 100` },
    finding:
      unknown === 0
        ? []
        : [
            `Of ${unknown} questions a part is answered by nobody yet: it counts as nothing, and the second figure says what it could come to.`,
          ],
    sections: [
      { title: 'At a glance', tables: [glance(questions)] },
      ...questions.map((question) => questionSection(question, now)),
      ...(kept.length > 1 ? [historySection(kept)] : []),
    ],
  }
  return renderHtml(page)
}

function glance(questions: readonly JudgedQuestion[]): Table {
  return {
    caption: 'The score of each question.',
    columns: [{ title: 'Question' }, { title: 'Score', align: 'right' }],
    rows: questions.map((question) => [
      { text: `${question.number}. ${question.text}` },
      { text: rangeText(question), tone: toneOf(question.score) },
    ]),
  }
}

function questionSection({ number, text, signs, ...range }: JudgedQuestion, now: string): Section {
  return {
    title: `${number}. ${text}`,
    lead: `${rangeText(range)} of 100.`,
    tables: [
      {
        caption: 'What it is judged by.',
        columns: [{ title: 'Sign' }, { title: '' }, { title: 'Found' }, { title: 'To raise it' }],
        rows: signs.map((sign) => [
          { text: sign.wanted },
          { text: wordOf(sign), tone: toneOf(100 * (sign.met ?? 0)) },
          { text: sign.because, ...(sign.where !== null && { note: whereText(sign, now) }) },
          { text: nextStep(sign) ?? '' },
        ]),
      },
    ],
  }
}

function whereText({ where, at }: JudgedSign, now: string): string {
  return at === null ? where! : `${where!}, ${ageText(at, now)}`
}

function historySection(kept: readonly KeptScore[]): Section {
  return {
    title: 'Over time',
    tables: [
      {
        caption: 'Scorecards that were kept.',
        columns: [{ title: 'Asked' }, { title: 'Score', align: 'right' }],
        rows: kept.map((one) => [{ text: one.askedAt.slice(0, 10) }, { text: rangeText(one) }]),
      },
    ],
  }
}

function wordOf({ met }: JudgedSign): string {
  if (met === null) return 'unknown'
  return met === 1 ? 'yes' : met === 0 ? 'no' : 'partly'
}

function toneOf(score: number): GateOutcome {
  if (score >= GOOD) return 'pass'
  return score >= FAIR ? 'warn' : 'hold'
}
