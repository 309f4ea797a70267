import { z } from 'zod'

/** Settings that entries bring along; the pipeline's schema takes them from here. Every key has one meaning. */
export const ownSettings = {
  costPer: z
    .enum(['line', 'unit'])
    .default('line')
    .describe('What a value of `cost` is for: all units of its line, or one of them (needs quantity). Default: line.'),
  typicalGap: z
    .int()
    .min(1)
    .max(3_650)
    .default(90)
    .describe('Days between purchases that are assumed of customers with fewer than three of them. Default: 90.'),
  cutoff: z
    .string()
    .regex(/^[1-9]\d* (days|weeks|months)$/)
    .optional()
    .describe(
      'As it was so long before the as-of: `90 days`. What later orders tell against it is how a forecast is tested. Default: at the as-of.',
    ),
  event: z.string().min(1).optional().describe('Only events of this name. Default: all.'),
  column: z
    .string()
    .regex(/^[a-z][a-z0-9_]*$/)
    .describe('Column that a source of customers maps.'),
  question: z.string().min(1).describe('The question, as column `question` names it.'),
  items: z.array(z.string().min(1)).min(2).max(60).describe('Questions of the scale.'),
  reversed: z
    .array(z.string().min(1))
    .default([])
    .describe('Those of `items` where agreeing means less: they count as minimum + maximum − answer. Default: none.'),
  minimum: z.number().default(1).describe('Lowest answer of the scale. Default: 1.'),
  maximum: z.number().default(5).describe('Highest answer of the scale. Default: 5.'),
  options: z.array(z.string().min(1)).min(2).max(60).describe('Answers that may be chosen.'),
  model: z
    .enum(['bgNbd', 'mbgNbd'])
    .default('bgNbd')
    .describe(
      'Whether customers may be lost after a repeat purchase only (`bgNbd`: one-time buyers always count as alive), or after the first one too (`mbgNbd`). Default: bgNbd.',
    ),
  horizon: z
    .string()
    .regex(/^[1-9]\d* (days|weeks)$/)
    .default('90 days')
    .describe('How far ahead is looked: `90 days`, `13 weeks`. Default: 90 days.'),
  lifetime: z
    .string()
    .regex(/^[1-9]\d* (days|weeks|months|years)$/)
    .default('3 years')
    .describe('How far ahead lifetime value looks; a year has 365 days, a month 365 ÷ 12. Default: 3 years.'),
  discount: z
    .number()
    .min(0)
    .max(10)
    .default(0.1)
    .describe('What money loses in a year: 0.1 values 110 in a year as 100 today. Default: 0.1.'),
  leastRepeatBuyers: z
    .int()
    .min(2)
    .max(1_000_000)
    .default(50)
    .describe(
      'With fewer customers who came back, or where the likelihood has no maximum, forecasts follow the own gap between purchases instead. Default: 50.',
    ),
  minPeers: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(50)
    .describe('Customers a category needs for a benchmark of its own; those of smaller ones share one. Default: 50.'),
} as const
