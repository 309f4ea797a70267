import { formatCount } from '../../run/figures.ts'
import type { Judgement, KeptFeedback } from '../../run/feedback.ts'
import { misplacedTexts } from '../feedback-lines.ts'
import type { Chapter } from './document.ts'
import type { Report } from './report.ts'

const MOST_NOTES = 20

/** What marketers said of segments of the run; nothing where nobody has. Customers are counted, never named. */
export function feedbackChapters(
  { segments, pipeline }: Pick<Report, 'segments' | 'pipeline'>,
  feedback: readonly KeptFeedback[] = [],
): readonly Chapter[] {
  const names = new Map(segments.map(({ segmentKey, name }) => [segmentKey, name]))
  const said = feedback.filter(({ segmentKey }) => names.has(segmentKey))
  if (said.length === 0) return []
  const count = (segmentKey: string, judgement: Judgement): string =>
    formatCount(said.filter((one) => one.segmentKey === segmentKey && one.judgement === judgement).length)
  const shown = segments.filter(({ segmentKey }) => said.some((one) => one.segmentKey === segmentKey))
  const notes = said.filter(({ note, judgement }) => note !== '' && judgement !== 'misplaced')
  const misplaced = misplacedTexts(said, (key) => names.get(key) ?? key)
  return [
    {
      id: 'feedback',
      title: 'What people say of the segments',
      parts: [
        {
          table: {
            caption: 'Judgements so far, by segment',
            columns: [
              { title: 'Segment' },
              ...['Useful', 'Wrong', 'Misplaced customers'].map((title) => ({ title, align: 'right' as const })),
            ],
            rows: shown.map(({ segmentKey, name }) => [
              { text: name },
              { text: count(segmentKey, 'useful') },
              { text: count(segmentKey, 'wrong') },
              { text: count(segmentKey, 'misplaced') },
            ]),
          },
        },
        ...(notes.length > 0
          ? [
              {
                title: 'Notes',
                list: notes
                  .slice(-MOST_NOTES)
                  .map(({ segmentKey, note, author }) => `${names.get(segmentKey)!}: ${note} (${author})`),
              },
            ]
          : []),
        ...(misplaced.length > 0 ? [{ title: 'Proposed overrides', list: misplaced }] : []),
      ],
      ...(misplaced.length > 0 && {
        sections: [
          {
            title: 'To put them there',
            commands: [
              {
                command: `resegment feedback list ${pipeline} --ids`,
                text: 'writes them as `overrides` for the pipeline file, with the ids of the customers.',
              },
            ],
          },
        ],
      }),
    },
  ]
}
