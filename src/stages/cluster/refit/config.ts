import { z } from 'zod'
import { refitPolicies } from '../../../run/refit-policy.ts'

const above = (share: number) =>
  z
    .strictObject({ above: z.number().min(0).describe('Drift when the figure is above this.') })
    .default({ above: share })

/** Keys of `cluster` that hold for every method: when segments are formed anew. */
export const refitConfig = {
  refit: z
    .enum(refitPolicies)
    .default('always')
    .describe(
      'Whether a run forms its segments anew. always: every run does. onDrift: only when the customers are not any more as they were when the live model was fitted, or when features or method were edited since. never: only while nothing is published; then the live model places everybody, as in score runs. For one run: `resegment run --refit always`.',
    ),
  drift: z
    .strictObject({
      featureDrift: above(0.25).describe(
        'Population stability index of the feature that drifted most, over tenths of the customers when the model was fitted; among few customers also what chance alone gives has to be exceeded. Default: above 0.25.',
      ),
      segmentShift: above(0.25).describe(
        'How far the sizes of segments, as the live model places the customers, are from those when it was fitted: the least share of customers who would have to be elsewhere. Default: above 0.25.',
      ),
      outlierRise: above(0.1).describe(
        'By how much the share of customers far from all segments has risen since the model was fitted. Default: above 0.1.',
      ),
    })
    .prefault({})
    .describe('What drift is, with `refit: onDrift`: any one of these.'),
}

export type DriftThresholds = z.infer<typeof refitConfig.drift>
