import { planned, returnKnown, satisfactionKnown, segmentsDiffer } from './figures.ts'
import type { Question, Sign } from './question.ts'
import { inDefinitions, listed, ofMain } from './signs.ts'

const connected = inDefinitions({
  wanted: 'Segments go to the tools that write to customers.',
  names: ({ destinations }) => destinations,
  nothing: 'No pipeline has destinations under `activate`.',
  raise: 'Name a webhook, a list of files or a table under `activate`.',
  command: null,
})

const told: Sign = {
  wanted: 'These tools have heard of the segments that are live.',
  look: (evidence) =>
    ofMain(evidence, ({ pipeline, destinations, live: { run, syncs } }) => {
      const [last] = [...syncs].sort((a, b) => Date.parse(b.finishedAt) - Date.parse(a.finishedAt))
      const silent = destinations.filter((name) => !syncs.some(({ destination }) => destination === name))
      return {
        met: destinations.length === 0 ? 0 : 1 - silent.length / destinations.length,
        because:
          destinations.length === 0
            ? `${pipeline} has no destination to tell.`
            : silent.length === 0
              ? `All heard of ${run}: ${listed(destinations)}.`
              : `Not of ${run}: ${listed(silent)}.`,
        where: 'view destination_syncs',
        at: last?.finishedAt ?? null,
      }
    }),
  raise: 'Tell them.',
  command: 'resegment sync RUN',
}

export const contactsRead = inDefinitions({
  wanted: 'Who was contacted, at what cost and with what response, is read.',
  names: ({ roles }) => roles.filter((role) => role === 'touches'),
  nothing: 'No pipeline reads role `touches`.',
  raise: 'Read the contacts of campaigns: role `touches`, with `cost` and `responded`.',
  command: 'resegment features --missing PIPELINE',
})

const opinionsRead = inDefinitions({
  wanted: 'How satisfied customers are is read.',
  names: ({ roles }) => roles.filter((role) => role === 'survey' || role === 'tickets'),
  nothing: 'Neither surveys nor tickets are read.',
  raise: 'Read satisfaction from a survey or from tickets.',
  command: 'resegment features --missing PIPELINE',
})

export const heldOut = inDefinitions({
  wanted: 'Some customers are left alone, so that the effect on the others can be told.',
  names: ({ holdout }) => (holdout === null ? [] : [`${Math.round(holdout * 1000) / 10} % held out`]),
  nothing: 'No pipeline has `publish.holdout`.',
  raise: 'Hold out a share of the customers: `publish: { holdout: { share: 0.05, salt: … } }`.',
  command: null,
})

/** Whether anything is done with what is known. */
export const using: readonly Question[] = [
  {
    number: 4,
    text: 'Do we tailor marketing messages to segments, or send the same to everyone?',
    signs: [connected, told, planned],
    asks: 'Do segments get messages of their own?',
  },
  {
    number: 8,
    text: 'How personalised are current campaigns; are they specific enough for different segments?',
    signs: [connected, planned],
    asks: 'Does each campaign name the segments that it is for, and differ between them?',
  },
  {
    number: 9,
    text: 'Is the marketing budget allocated by which segments are most likely to convert?',
    signs: [contactsRead, returnKnown],
    asks: 'Does the budget follow what segments are likely to bring?',
  },
  {
    number: 13,
    text: "Do data-driven insights improve customers' experience by individual need?",
    signs: [opinionsRead],
    asks: 'Is there an improvement that came of what segments showed?',
  },
  {
    number: 14,
    text: 'Does the strategy give a personalised experience that customers feel?',
    signs: [opinionsRead, satisfactionKnown],
    asks: 'Do customers say that they are addressed as they are?',
  },
  {
    number: 15,
    text: 'Do some segments show higher engagement or loyalty because of tailored marketing?',
    signs: [heldOut, segmentsDiffer],
    asks: 'Has a comparison with customers who were left alone shown it?',
  },
]
