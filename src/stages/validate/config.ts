import { z } from 'zod'
import { identityConfig } from './identity/config.ts'

const side = z
  .union([
    z.strictObject({ above: z.number().describe('Outcome when the value is above this.') }),
    z.strictObject({ below: z.number().describe('Outcome when the value is below this.') }),
    z.strictObject({
      above: z.number().describe('Outcome when the value is above this,'),
      below: z.number().describe('or below this.'),
    }),
  ])
  .describe('A threshold with its side, or one for each side.')

export const gateThresholds = z.strictObject({
  warn: side.optional().describe('Publish, with a warning.'),
  hold: side.optional().describe('Wait for a person.'),
  fail: side.optional().describe('Fail the run.'),
})

export type GateThresholds = z.infer<typeof gateThresholds>

/** Of a change of rows: nearly a third of them are gone, or a load came twice. */
const missingOrTwice = { warn: { above: 0.5 }, hold: { above: 0.9, below: -0.3 } }

/** Gates of every run, with the same thresholds. */
const sharedGateNames = ['rowCount', 'sourceRowChange', 'newLevels'] as const
/** Gates of score runs, under `validate.score`. */
const ownScoreGateNames = ['membershipChurn', 'outlierShare', 'segmentShift'] as const

export const gateNames = [
  'membershipChurn',
  'smallestSegment',
  'largestSegment',
  ...sharedGateNames,
  'stability',
  'clusterability',
  'smallestDefinedSegment',
  'agreement',
  'featureDrift',
  'shareDrift',
  'kpiMix',
  'massChange',
] as const
/** Gates of a regular run that kept the live model, beside its own, with the thresholds under `validate.score`. */
export const keptGateNames = ['outlierShare', 'segmentShift'] as const
export const scoreGateNames = [...ownScoreGateNames, ...sharedGateNames] as const

export type GateName = (typeof gateNames)[number] | (typeof scoreGateNames)[number]

const waitingTime = /^[1-9]\d* (minutes?|hours?|days?)$/

export const validateConfig = z
  .strictObject({
    membershipChurn: gateThresholds
      .default({ warn: { above: 0.2 }, hold: { above: 0.35 } })
      .describe(
        'Share of the panel (customers in both) whose segment changed. Default: warn above 0.2, hold above 0.35.',
      ),
    smallestSegment: gateThresholds
      .default({ hold: { below: 0.01 } })
      .describe('Share of the smallest segment that a fit found. Default: hold below 0.01.'),
    smallestDefinedSegment: gateThresholds
      .default({})
      .describe(
        'Share of the smallest segment that the definition makes: of rules, RFM groups, tiers, bands and their combinations, with customers. Such segments may be small on purpose, and people may put a few customers into them. Default: no threshold.',
      ),
    largestSegment: gateThresholds
      .default({ warn: { above: 0.8 } })
      .describe('Share of the largest segment. Default: warn above 0.8.'),
    rowCount: gateThresholds
      .default(missingOrTwice)
      .describe(
        'Change of the number of clean rows against the published run, as a share: -0.3 is 30 % fewer, 1 is what a load that came twice gives. Default: warn above 0.5, hold above 0.9 or below -0.3.',
      ),
    sourceRowChange: gateThresholds
      .default(missingOrTwice)
      .describe(
        'Change of the number of rows read of a source against the published run, as a share, before any cleansing; the source with the worst outcome counts, of equals the one that changed most. Default: warn above 0.5, hold above 0.9 or below -0.3.',
      ),
    newLevels: gateThresholds
      .default({ warn: { above: 0.01 }, hold: { above: 0.1 } })
      .describe(
        'Share of customers with a level of a category that the published model did not know, such as a new country. Default: warn above 0.01, hold above 0.1.',
      ),
    score: z
      .strictObject({
        membershipChurn: gateThresholds
          .default({ warn: { above: 0.1 }, hold: { above: 0.25 } })
          .describe(
            'Share of the panel whose segment changed since what is live. Default: warn above 0.1, hold above 0.25.',
          ),
        outlierShare: gateThresholds
          .default({ warn: { above: 0.05 }, hold: { above: 0.2 } })
          .describe('Share of customers far from all segments. Default: warn above 0.05, hold above 0.2.'),
        segmentShift: gateThresholds
          .default({ warn: { above: 0.1 }, hold: { above: 0.25 } })
          .describe(
            'How far the sizes of segments are from those when the model was fitted: the least share of customers who would have to be elsewhere. Default: warn above 0.1, hold above 0.25.',
          ),
      })
      .prefault({})
      .describe(
        'Gates of score runs, beside rowCount, sourceRowChange and newLevels; those of refits do not count there. outlierShare and segmentShift also judge regular runs that keep the live model (`cluster.refit`).',
      ),
    stability: gateThresholds
      .default({ warn: { below: 0.75 } })
      .describe(
        'How well the least stable segment comes back when customers are drawn anew: mean Jaccard overlap over bootstrap samples. From 0.85 highly stable, below 0.6 not to be trusted. Default: warn below 0.75.',
      ),
    clusterability: gateThresholds
      .default({ warn: { below: 0.5 } })
      .describe(
        'How well the segments of one half of the customers predict those of the other half: prediction strength. One heap that is cut in three or more seldom reaches 0.5; groups that lie apart have 0.8 and more. 0 when the fallback method took over. Default: warn below 0.5.',
      ),
    agreement: gateThresholds
      .default({})
      .describe(
        'How segments of today and those that are live agree on the customers in both: adjusted mutual information (Vinh, Epps & Bailey 2010), 1 for the same segments, about 0 for no more than chance. Default: no threshold.',
      ),
    featureDrift: gateThresholds
      .default({ warn: { above: 0.25 }, hold: { above: 2 } })
      .describe(
        'How far the feature that drifted most is from where it lay when the live model was fitted: population stability index over its deciles (Siddiqi 2006: from 0.1 noticeable, from 0.25 large; prices in another unit, or zero, give 5 and more); what chance alone may give counts as 0. Features that are the time since something that happened once, such as tenure, do not count. Default: warn above 0.25, hold above 2.',
      ),
    shareDrift: gateThresholds
      .default({ warn: { above: 0.25 } })
      .describe(
        'The same of the sizes of the segments that go on, against those that are live. Default: warn above 0.25.',
      ),
    kpiMix: gateThresholds
      .default({})
      .describe(
        'Share of what the customers in both spend (feature monetary, as it is today) that is in another segment than before. Default: no threshold.',
      ),
    massChange: gateThresholds
      .default({})
      .describe(
        'Of the segment whose number of customers changed most, the change as a share of what it had, up or down; changes of fewer than 30 customers do not count. Default: no threshold.',
      ),
    minimumChange: z
      .number()
      .min(0)
      .max(0.5)
      .default(0)
      .describe(
        'Customers near a border stay: who would go into the segment next to the old one goes only if the new one is nearer by more than this share of the distance to the old. 0.1 is a tenth. Of k-means, k-prototypes and hierarchies, in refits and score runs; the price in fit is in `run_comparisons`. Default: 0, everybody is where the model says.',
      ),
    approval: z
      .strictObject({
        within: z
          .string()
          .regex(waitingTime)
          .default('5 days')
          .describe('How long a held run waits: 90 minutes, 12 hours, 1 day.'),
        remindAfter: z
          .array(z.string().regex(waitingTime))
          .max(5)
          .default(['1 day', '3 days'])
          .describe(
            'How long after a run was held people are reminded, where it is still held then. A reminder is an event of the run: reminded in view run_events. Default: 1 day, 3 days.',
          ),
        otherwise: z
          .enum(['reject', 'useLiveModel'])
          .default('reject')
          .describe(
            'What happens when nobody decided. reject: the candidate is rejected and everything stays as it is. useLiveModel: the live segments stay, and the live model places the customers as they are now; rejected where it cannot, or where its own gates would hold it too.',
          ),
        by: z
          .array(z.string().min(1))
          .min(1)
          .optional()
          .describe('Who may decide, by the name given with the decision. Default: everybody.'),
      })
      .prefault({})
      .describe('How a held run is decided.'),
    identity: identityConfig.prefault({}),
  })
  .describe('Comparison with the published segments.')

export type ValidateConfig = z.infer<typeof validateConfig>
