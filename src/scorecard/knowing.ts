import { described, named, owned } from './personas.ts'
import type { Finding, Question, Sign } from './question.ts'
import {
  daysBetween,
  featuresOf,
  livePipelines,
  matching,
  mainPipeline,
  inDefinitions,
  ofMain,
  percent,
} from './signs.ts'

/** A segmentation that has put more of its customers into one segment still treats most of them alike. */
const LARGEST_SHARE = 0.6
/** Where no schedule says when: a quarter and ten days. */
const FRESH_DAYS = 100
/** Places that customers live or work in, among the features of a catalogue that knows no group of them. */
const LOCATION = /country|region|city|state|zip|postal|postcode|location|area/i

/** The same of what they prefer. */
const PREFERENCE = /categor|channel|product|brand/i

const published: Sign = {
  wanted: 'Customers are in segments that others can read.',
  look: (evidence) =>
    ofMain(evidence, ({ pipeline, live: { run, segments, publishedAt } }) => ({
      met: segments.length > 1 ? 1 : 0,
      because: `${pipeline} has ${segments.length} ${segments.length === 1 ? 'segment' : 'segments'} live, of run ${run}.`,
      where: 'view customer_segments',
      at: publishedAt,
    })),
  raise: 'Run a pipeline and publish its segments.',
  command: 'resegment run PIPELINE',
}

const notOneGroup: Sign = {
  wanted: `No segment holds more than ${percent(LARGEST_SHARE)} of the customers.`,
  look: (evidence) =>
    ofMain(evidence, ({ live: { segments, publishedAt } }) => {
      const [largest] = segments
      return {
        met: largest && largest.share <= LARGEST_SHARE ? 1 : 0,
        because: largest
          ? `The largest, “${largest.name}”, has ${percent(largest.share)}.`
          : 'No segment has customers.',
        where: 'view segments',
        at: publishedAt,
      }
    }),
  raise: 'Add features that tell customers of the largest segment apart, or form segments inside it.',
  command: 'resegment features --missing PIPELINE',
}

const divided = inDefinitions({
  wanted: 'There is a definition that divides the customers.',
  names: ({ method, features }) => [
    `${method} on ${features.length === 1 ? '1 feature' : `${features.length} features`}`,
  ],
  nothing: 'The project has no pipeline.',
  raise: 'Write a first pipeline.',
  command: 'resegment init',
})

const habits = inDefinitions({
  wanted: 'How and how often customers buy is known.',
  names: featuresOf(['behaviour', 'lifecycle', 'engagement']),
  nothing: 'No feature tells how often or how lately somebody buys.',
  raise: 'Add features such as recency and frequency.',
  command: 'resegment features',
})

const preferences = inDefinitions({
  wanted: 'What customers prefer, by category, channel or product, is known.',
  names: matching(PREFERENCE),
  nothing: 'No feature tells what somebody prefers.',
  raise: 'Map `category` and `channel` in the source, and add `categoryShares` or `channelShares`.',
  command: 'resegment features --missing PIPELINE',
})

const needs = inDefinitions({
  wanted: 'What customers say they need is read.',
  names: ({ roles }) => roles.filter((role) => role === 'survey' || role === 'tickets'),
  nothing: 'Neither surveys nor tickets are read.',
  raise: 'Read a survey or support tickets: roles `survey` and `tickets`.',
  command: 'resegment features --missing PIPELINE',
})

const fresh: Sign = {
  wanted: 'What consumers see is not out of date.',
  look: (evidence) =>
    ofMain(evidence, ({ live: { run, asOf, publishedAt, staleAfter } }) => {
      const age = daysBetween(asOf, evidence.now)
      const isFresh = staleAfter === null ? age <= FRESH_DAYS : Date.parse(evidence.now) <= Date.parse(staleAfter)
      return {
        met: isFresh ? 1 : 0,
        because: `Run ${run} looks from ${age} days ago${staleAfter === null ? '' : `; the next one is due to replace it by ${staleAfter.slice(0, 10)}`}.`,
        where: 'view runs',
        at: publishedAt,
      }
    }),
  raise: 'Run the newest period.',
  command: 'resegment run PIPELINE',
}

const ofGroups = (wanted: string, groups: readonly string[], nothing: string, raise: string): Sign =>
  inDefinitions({ wanted, names: featuresOf(groups), nothing, raise, command: 'resegment features --missing PIPELINE' })

const byLocation = inDefinitions({
  wanted: 'Segments can differ by where customers are.',
  names: matching(LOCATION),
  nothing: 'No feature tells where somebody is.',
  raise: 'Map a country, region or city of the customers, and add it as a feature.',
  command: 'resegment features --missing PIPELINE',
})

const NO_MONEY: Finding = {
  met: 0,
  because: 'No feature of a live run counts money.',
  where: 'view segment_profiles',
  at: null,
}

const earnings: Sign = {
  wanted: 'What each segment brings is measured.',
  look: (evidence) => {
    const main = livePipelines(evidence).find(({ live }) => live.money !== null) ?? mainPipeline(evidence)
    const money = main?.live.money
    const top = [...(money?.shares ?? [])].sort((a, b) => b.share - a.share)[0]
    if (!main) return ofMain(evidence, () => NO_MONEY)
    if (!money || !top) return NO_MONEY
    return {
      met: 1,
      because: `“${top.name}” brings ${percent(top.share)} of ${money.feature} with ${percent(top.ofCustomers)} of the customers.`,
      where: 'view segment_profiles',
      at: main.live.publishedAt,
    }
  },
  raise: 'Add the feature `monetary`, and run.',
  command: 'resegment run PIPELINE',
}

/** Whether customers are known, and known apart. */
export const knowing: readonly Question[] = [
  {
    number: 1,
    text: 'Do we clearly understand who our customers are, or treat them as one large group?',
    signs: [published, notOneGroup, described],
  },
  {
    number: 2,
    text: 'Have we tried to divide the customer base into smaller groups by characteristics or behaviour?',
    signs: [divided, published],
  },
  {
    number: 3,
    text: "How well do we understand customers' needs, preferences and buying habits?",
    signs: [habits, preferences, needs],
  },
  { number: 5, text: 'When did we last run a segmentation analysis?', signs: [published, fresh] },
  {
    number: 6,
    text: 'Have we considered different ways to segment: demographics, location, behaviour?',
    signs: [
      ofGroups(
        'Segments can differ by what customers do.',
        ['behaviour', 'value', 'engagement', 'lifecycle'],
        'No feature tells what somebody does.',
        'Read orders or events, and add features of them.',
      ),
      ofGroups(
        'Segments can differ by who customers are.',
        ['demographic', 'firmographic'],
        'No feature tells who somebody is.',
        'Read customer master data: role `customers`.',
      ),
      byLocation,
    ],
  },
  { number: 7, text: 'Do we know which segment contributes most to sales or engagement?', signs: [earnings] },
  { number: 12, text: 'Are there detailed personas for each segment?', signs: [described, named, owned] },
]
