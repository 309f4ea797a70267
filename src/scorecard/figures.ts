import type { Sign } from './question.ts'
import { listed, ofMain } from './signs.ts'

/** A sign that is there where one of some figures is known of at least two segments. */
function known(kpis: readonly string[], sign: Pick<Sign, 'wanted' | 'raise'>): Sign {
  return {
    ...sign,
    look: (evidence) =>
      ofMain(evidence, ({ pipeline, live }) => {
        const found = live.kpis.filter(({ kpi, segments }) => kpis.includes(kpi) && segments > 1)
        return {
          met: found.length > 0 ? 1 : 0,
          because:
            found.length > 0
              ? `${live.run} tells ${listed(found.map(({ kpi }) => kpi))} by segment.`
              : `${pipeline} tells none of ${listed(kpis)} by segment.`,
          where: 'view segment_kpis',
          at: live.publishedAt,
        }
      }),
    command: 'resegment kpis',
  }
}

/** What contacts cost and bring back. */
export const returnKnown = known(['returnOnSpend', 'campaignConversion', 'contactCost'], {
  wanted: 'What contacts cost and bring is known of each segment.',
  raise: 'Read contacts with `cost` and `responded` as role `touches`.',
})

export const satisfactionKnown = known(['csat', 'nps'], {
  wanted: 'How satisfied its customers are is known of each segment.',
  raise: 'Read a survey, and say under `kpis` which question asks it.',
})

/** Whether segments tell anything of what customers do. */
export const segmentsDiffer: Sign = {
  wanted: 'Segments differ in retention, engagement or response by more than chance.',
  look: (evidence) =>
    ofMain(evidence, ({ live: { run, kpis, publishedAt } }) => {
      const told = kpis.filter(({ kpi, segments }) => LOYALTY.includes(kpi) && segments > 1)
      const differing = told.filter((one) => one.differing > 0)
      return {
        met: told.length === 0 ? null : differing.length > 0 ? 1 : 0,
        because:
          told.length === 0
            ? `${run} tells none of ${listed(LOYALTY)} by segment.`
            : differing.length > 0
              ? `In ${run} they do in ${listed(differing.map((one) => `${one.kpi} (${one.differing} of ${one.segments})`))}.`
              : `In ${run} no segment differs from the rest in ${listed(told.map(({ kpi }) => kpi))}.`,
        where: 'view segment_kpis',
        at: publishedAt,
      }
    }),
  raise: 'Form segments by features that tell what customers will do: try several ways on a past quarter.',
  command: 'resegment trial PIPELINE',
}

const LOYALTY: readonly string[] = ['retention', 'repurchase', 'engagement', 'responseRate']

/** What comes from the character of a segment is nobody's plan yet. */
export const planned: Sign = {
  wanted: 'Every segment has a plan of its own: message, offer, channel.',
  look: (evidence) =>
    ofMain(evidence, ({ pipeline, live: { plans, publishedAt } }) => ({
      met: plans.segments === 0 ? 0 : plans.own / plans.segments,
      because:
        plans.own === 0
          ? `${pipeline} has only what customers of a character are usually given.`
          : `${pipeline} says it itself for ${plans.own} of ${plans.segments} segments.`,
      where: 'view segment_playbook',
      at: publishedAt,
    })),
  raise: 'Write `playbook:` into the pipeline file.',
  command: null,
}
