import type { PlayField, SegmentPlan } from '../../run/segment-plan.ts'
import type { Fact, Part } from './document.ts'
import { listText } from './value-text.ts'

const names: Readonly<Record<PlayField, string>> = {
  message: 'Message',
  messaging: 'How it is said',
  offer: 'Offer',
  channels: 'Channels',
  content: 'Content',
  journey: 'Journey',
  salesPriority: 'Sales priority',
  territory: 'Territory',
  account: 'Accounts',
}

/** What is to be done with the customers of a segment. */
export function planParts(plan: SegmentPlan | null): readonly Part[] {
  if (!plan) return []
  const { character, because, own, content, journey } = plan
  const fields = Object.keys(names) as readonly PlayField[]
  const usual = fields.filter((field) => !own.includes(field) && textOf(plan, field) !== '')
  const origin =
    own.length === 0
      ? 'The pipeline says nothing itself: this is what such customers usually are given.'
      : usual.length === 0
        ? 'All of it is said by the pipeline.'
        : `${listText(own.map((field) => names[field]))} ${own.length === 1 ? 'is' : 'are'} said by the pipeline; the rest is what such customers usually are given.`
  const facts = fields.flatMap((field): readonly Fact[] => {
    const value = field === 'content' || field === 'journey' ? '' : textOf(plan, field)
    return value === '' ? [] : [{ label: names[field], value }]
  })
  return [
    {
      title: 'The plan',
      paragraphs: [
        `${character.replaceAll('_', ' ')}: ${because} ${origin}`.replace(/^./, (letter) => letter.toUpperCase()),
      ],
    },
    { facts },
    ...(journey.length === 0
      ? []
      : [
          {
            table: {
              caption: 'The way of these customers, step by step',
              columns: [{ title: 'Stage' }, { title: 'Touchpoints' }, { title: 'Trigger' }],
              rows: journey.map(({ stage, touchpoints, trigger }) => [
                { text: stage },
                { text: touchpoints.join(', ') },
                { text: trigger },
              ]),
            },
          },
        ]),
    ...(content.length === 0
      ? []
      : [
          {
            table: {
              caption: 'Content for them',
              columns: [{ title: 'Content' }, { title: 'For' }],
              rows: content.map((one) => [{ text: one.asset }, { text: one.for }]),
            },
          },
        ]),
  ]
}

function textOf(plan: SegmentPlan, field: PlayField): string {
  const value = plan[field]
  if (typeof value === 'string') return value
  return field === 'channels' ? plan.channels.join(', ') : value.length > 0 ? `${value.length}` : ''
}
