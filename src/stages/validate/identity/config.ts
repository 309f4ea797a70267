import { z } from 'zod'

const share = z.number().min(0).max(1)

export const identityConfig = z
  .strictObject({
    minimumOverlap: share
      .default(0.3)
      .describe(
        'Smallest Jaccard overlap on the panel at which a cluster carries on a published segment; below it the cluster is a new segment.',
      ),
    minimumPanel: z
      .int()
      .nonnegative()
      .default(30)
      .describe(
        'A cluster or segment with fewer customers in the panel is known by where its centre lies. Of 30 customers a share is known to ± 0.18 (95 %). 0: never by centres.',
      ),
    maximumDistance: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .describe(
        'How far a centre may have moved and be the same segment, where the centre decides: as a share of the way from the published segment to its nearest neighbour. Up to 0.5 no other segment is nearer.',
      ),
    survivalShare: share
      .default(0.5)
      .describe(
        "Survival threshold τ of MONIC: the share of a published segment's panel customers that its parts hold together for a split, or that one segment holds for it to be absorbed or merged. At least 0.5, so that only one can.",
      ),
    splitShare: share
      .default(0.3)
      .describe(
        "Split threshold τ_split of MONIC: the share of a published segment's panel customers that each part of a split holds at least.",
      ),
    returns: z
      .boolean()
      .default(true)
      .describe('Whether a cluster that goes on with no live segment may be a retired one that is back.'),
  })
  .refine(({ survivalShare, splitShare }) => survivalShare >= 0.5 && splitShare <= survivalShare, {
    message: 'survivalShare is at least 0.5, and splitShare is not above it.',
  })
  .describe(
    'How clusters are found again as published segments, and when segments count as split or merged (after MONIC, Spiliopoulou et al. 2006).',
  )

export type IdentityThresholds = z.infer<typeof identityConfig>
