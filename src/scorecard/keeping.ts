import type { Finding, Question, Sign } from './question.ts'
import { daysBetween, inDefinitions, livePipelines, ofMain, percent } from './signs.ts'
import { contactsRead, heldOut } from './using.ts'

const YEAR_DAYS = 366
/** A publication a quarter. */
const REGULAR = 4
/** Above this, segments of one quarter hardly say what those of the next will be. */
const MOST_MOVED = 0.35

const regular: Sign = {
  wanted: `Segments were renewed ${REGULAR} times within a year.`,
  look: (evidence) =>
    ofMain(evidence, ({ pipeline, live: { publishedAts } }) => {
      const recent = publishedAts.filter((at) => daysBetween(at, evidence.now) <= YEAR_DAYS).length
      return {
        met: Math.min(1, recent / REGULAR),
        because: `${pipeline} was published ${recent === 1 ? 'once' : `${recent} times`} in the last twelve months.`,
        where: 'view runs',
        at: publishedAts[0] ?? null,
      }
    }),
  raise: 'Schedule the pipeline, or fill in quarters that were missed.',
  command: 'resegment deploy',
}

const reviewed: Sign = {
  wanted: 'People looked at a run and decided within a year.',
  look(evidence): Finding {
    const decided = livePipelines(evidence)
      .flatMap(({ live }) => live.decidedAts)
      .sort()
    const last = decided.at(-1)
    const days = last === undefined ? null : daysBetween(last, evidence.now)
    return {
      met: days !== null && days <= YEAR_DAYS ? 1 : 0,
      because: days === null ? 'Nobody ever decided about a run.' : `Somebody decided about a run ${days} days ago.`,
      where: 'view run_events',
      at: last ?? null,
    }
  },
  raise: 'Let gates hold what is unusual, and decide: `validate.approval` says who.',
  command: 'resegment gates PIPELINE --history',
}

const steady: Sign = {
  wanted: `At most ${percent(MOST_MOVED)} of the customers changed segment in the last publication.`,
  look: (evidence) =>
    ofMain(evidence, ({ live: { run, moved, publishedAt } }) =>
      moved === null
        ? { met: null, because: `${run} is the first: nothing to compare with.`, where: 'view runs', at: publishedAt }
        : {
            met: moved <= MOST_MOVED ? 1 : 0,
            because: `${percent(moved)} of those present before and in ${run} changed.`,
            where: 'view segment_transitions',
            at: publishedAt,
          },
    ),
  raise: 'See which features drove the moves.',
  command: 'resegment moves RUN',
}

const compared: Sign = {
  wanted: 'Several ways to form segments were compared.',
  look: (evidence) =>
    ofMain(evidence, ({ pipeline, live: { candidates, publishedAt } }) => ({
      met: candidates > 1 || evidence.pipelines.length > 1 ? 1 : 0,
      because:
        candidates > 1
          ? `${candidates} counts of segments were computed for ${pipeline}.`
          : evidence.pipelines.length > 1
            ? `There are ${evidence.pipelines.length} pipelines.`
            : `${pipeline} is the only one, and compared nothing.`,
      where: 'view model_selection',
      at: publishedAt,
    })),
  raise:
    'Let the count be chosen: `cluster: { count: { from: 3, to: 10 } }`, or try another method in a second pipeline.',
  command: null,
}

/** What tells of customers beside orders; identities, consent or rates only help to read them. */
const TOLD_BY_CUSTOMERS: readonly string[] = ['events', 'survey', 'tickets', 'touches']

const sources = inDefinitions({
  wanted: 'More than orders is read.',
  names: ({ roles }) => roles.filter((role) => TOLD_BY_CUSTOMERS.includes(role)),
  nothing: 'Neither events nor surveys, tickets or contacts are read.',
  raise: 'Connect events, surveys, tickets or contacts.',
  command: 'resegment features --missing PIPELINE',
})

const scheduled = inDefinitions({
  wanted: 'Runs start by themselves.',
  names: ({ rhythm }) => (rhythm === null ? [] : [rhythm]),
  nothing: 'No pipeline has a schedule.',
  raise: 'Write `schedule:` into the pipeline file, and deploy it.',
  command: 'resegment deploy',
})

const watched = inDefinitions({
  wanted: 'Somebody hears of runs that fail, wait or never come.',
  names: ({ channels }) => (channels === 0 ? [] : [channels === 1 ? '1 channel' : `${channels} channels`]),
  nothing: 'No channel is told.',
  raise: 'Name a channel under `notify`.',
  command: 'resegment notify --test',
})

const answered = inDefinitions({
  wanted: 'Somebody answers for the segmentation.',
  names: ({ owner, contact }) => [owner, contact].filter((name) => name !== ''),
  nothing: 'Neither an owner nor a contact is named.',
  raise: 'Say `owner:` in the pipeline file and `contact:` in resegment.yaml.',
  command: null,
})

/** Whether it is kept up, and believed with reason. */
export const keeping: readonly Question[] = [
  {
    number: 10,
    text: 'Do we track results within each segment, to see where the return is best?',
    signs: [contactsRead, heldOut],
    asks: 'Are results of campaigns reported by segment?',
  },
  {
    number: 11,
    text: 'How often do we review and adjust segments as behaviour changes?',
    signs: [regular, reviewed],
  },
  {
    number: 16,
    text: 'How confident are we that segmentation leads to better results: sales, satisfaction, retention?',
    signs: [steady, heldOut],
    asks: 'Has a result been measured against customers who were treated alike?',
  },
  {
    number: 17,
    text: 'Have we explored the tools and platforms that help run a better analysis?',
    signs: [compared, sources],
  },
  {
    number: 18,
    text: 'Is there a plan to keep monitoring and updating segments as the business and its customers change?',
    signs: [scheduled, watched, answered],
  },
]
