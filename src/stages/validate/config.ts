import { z } from 'zod'
import { identityConfig } from './identity/config.ts'
import { gateCatalogue, isOnlyOfScore, gateNames, scoreGateNames } from './gates/catalogue.ts'
import type { RegularGateName, ScoreGateName } from './gates/catalogue.ts'
import { customGate } from './gates/custom-gates.ts'
import type { GateEntry } from './gates/entry.ts'
import { firstRunPolicies } from './gates/judge.ts'
import { gateLevels, levels, levelsText, notComputable, type GateThresholds } from './gates/thresholds.ts'

const waitingTime = /^[1-9]\d* (minutes?|hours?|days?)$/

type GateSchema = z.ZodDefault<z.ZodType<GateThresholds>>

/** Thresholds of a gate, described by its entry. */
function gateConfig(entry: GateEntry, defaults: GateThresholds): GateSchema {
  const { bySegment, leastChange, meaning } = entry
  return z
    .strictObject({
      ...levels,
      whenNotComputable: notComputable
        .optional()
        .describe(
          'What a run does when this gate could not be computed. Default: as `validate.whenNotComputable` says, but no more than the thresholds could do.',
        ),
      ...(bySegment && {
        segments: z
          .record(z.string(), gateLevels)
          .optional()
          .describe('Segment key → thresholds that replace those of the gate for this segment.'),
      }),
      ...(leastChange !== undefined && {
        customers: z.int().nonnegative().default(leastChange).describe('Changes of fewer customers do not count.'),
      }),
    })
    .default(leastChange === undefined ? defaults : { customers: leastChange, ...defaults })
    .describe(`${meaning} Default: ${levelsText(defaults)}.`) as unknown as GateSchema
}

const regular = Object.fromEntries(
  gateNames.flatMap((gate) => {
    const entry: GateEntry = gateCatalogue[gate]
    return isOnlyOfScore(gate) ? [] : [[gate, gateConfig(entry, entry.defaults)]]
  }),
) as unknown as Readonly<Record<RegularGateName, GateSchema>>

const ofScore = Object.fromEntries(
  scoreGateNames.map((gate) => {
    const entry: GateEntry = gateCatalogue[gate]
    return [gate, gateConfig(entry, entry.scoreDefaults ?? {})]
  }),
) as unknown as Readonly<Record<ScoreGateName, GateSchema>>

export const validateConfig = z
  .strictObject({
    ...regular,
    score: z
      .strictObject(ofScore)
      .prefault({})
      .describe(
        'Thresholds of score runs, where they are others than those of regular runs. outlierShare and segmentShift also judge regular runs that keep the live model (`cluster.refit`).',
      ),
    custom: z.array(customGate).default([]).describe('Gates of your own, for every run.'),
    whenNotComputable: notComputable
      .default('hold')
      .describe(
        'What a run does when a gate could not be computed: it is never passed over in silence. A gate whose thresholds only warn only warns, one without thresholds does nothing. `whenNotComputable` of a gate says otherwise for this one.',
      ),
    firstRun: z
      .enum(firstRunPolicies)
      .default('quality')
      .describe(
        'A run before which nothing was published. quality: gates of the candidate alone count, those that compare have nothing to say. hold: it waits for a person. publish: what would hold it only warns; what fails it still does.',
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
