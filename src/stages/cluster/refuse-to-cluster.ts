import { z } from 'zod'
import { NotClusterable } from '../../errors/not-clusterable.ts'
import { formatCount } from '../../run/figures.ts'
import type { Clusterability } from '../../stats/measure-clusterability.ts'

/** With fewer rows, figures about them are a matter of luck. */
export const LEAST_ROWS = 50

export const refuseConfig = z
  .strictObject({
    customersBelow: z.int().min(0).default(0).describe('Do not cluster fewer customers than this.'),
    historyDaysBelow: z
      .number()
      .min(0)
      .default(0)
      .describe('Do not cluster when the first purchase lies fewer days before the as-of than this.'),
    hopkinsBelow: z
      .number()
      .min(0)
      .max(1)
      .default(0.6)
      .describe(
        `Do not cluster when the Hopkins statistic of a sample is below this: about 0.5 when customers are spread evenly, near 1 when they lie in one heap or in several. From ${LEAST_ROWS} customers; 0: never.`,
      ),
    dipAbove: z
      .number()
      .min(0)
      .max(1)
      .default(1)
      .describe(
        'Do not cluster when the p of the dip test on the principal component is above this: 0.05 asks for more than one peak. 1: never. Most customer data has one peak, and segments cut it in a useful way.',
      ),
  })
  .describe('When customers are not clustered.')

export type RefuseConfig = z.infer<typeof refuseConfig>

export interface ClusteringFacts extends Clusterability {
  readonly customers: number
  /** Days from the first purchase to the as-of; null: there are no purchases. */
  readonly historyDays: number | null
}

/** @throws NotClusterable */
export function refuseToCluster(facts: ClusteringFacts, config: RefuseConfig): void {
  const { customers, historyDays, hopkins, dipP } = facts
  const otherwise = 'or declare a method that needs no groups as cluster.fallback, such as rfm; then rerun.'
  if (customers < config.customersBelow)
    throw new NotClusterable(
      `There are ${formatCount(customers)} customers, and cluster.refuse.customersBelow is ${formatCount(config.customersBelow)}.`,
      `Widen the windows of the features so that more customers qualify, ${otherwise}`,
    )
  if (historyDays !== null && historyDays < config.historyDaysBelow)
    throw new NotClusterable(
      `The first purchase lies ${historyDays.toFixed(1)} days before the as-of, and cluster.refuse.historyDaysBelow is ${config.historyDaysBelow}.`,
      `Wait for more history, ${otherwise}`,
    )
  if (hopkins !== null && hopkins < config.hopkinsBelow)
    throw new NotClusterable(
      `Customers are spread evenly over their features, like noise: the Hopkins statistic is ${hopkins.toFixed(2)}, and cluster.refuse.hopkinsBelow is ${config.hopkinsBelow}.`,
      `Add features that tell customers apart, ${otherwise}`,
    )
  if (dipP !== null && dipP > config.dipAbove)
    throw new NotClusterable(
      `Customers form one heap: along their principal component there is one peak (dip test, p ${dipP.toFixed(3)}), and cluster.refuse.dipAbove is ${config.dipAbove}.`,
      `Add features that tell customers apart, ${otherwise}`,
    )
}
