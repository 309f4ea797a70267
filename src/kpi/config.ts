import { z } from 'zod'
import { kpiNames } from '../run/segment-kpi.ts'

const question = (what: string) => z.string().min(1).optional().describe(what)

/** `kpis` of a pipeline. */
export const kpisConfig = z
  .strictObject({
    periods: z
      .int()
      .min(1)
      .max(12)
      .default(4)
      .describe('Over how many closed periods figures are counted, the newest first. Default: 4.'),
    attribution: z
      .strictObject({
        window: z
          .string()
          .regex(/^[1-9]\d{0,2} (days|weeks)$/)
          .default('14 days')
          .describe(
            'How long after a touch an order still counts as brought by it: `14 days`, `6 weeks`. A day has 24 hours. Default: 14 days.',
          ),
        by: z
          .enum(['orders', 'touches'])
          .optional()
          .describe(
            '`orders`: orders of a customer within the window after a touch, each once. `touches`: what column `revenue` of the touches says. Default: orders where there is role transactions, else touches.',
          ),
      })
      .prefault({})
      .describe('What revenue is put down to campaigns.'),
    csat: z
      .strictObject({
        question: question(
          'Question of role survey that asks how satisfied customers are, as column `question` names it. Default: column `satisfaction` of role tickets.',
        ),
        satisfied: z.number().default(4).describe('The lowest answer of a satisfied customer. Default: 4, of 1 to 5.'),
      })
      .prefault({})
      .describe('How satisfaction is measured.'),
    nps: z
      .strictObject({
        question: question('Question of role survey that asks whether customers would recommend, answered 0 to 10.'),
      })
      .prefault({})
      .describe('How the net promoter score is measured. Without a question there is none.'),
    effectiveness: z
      .number()
      .min(0)
      .max(100)
      .default(40)
      .describe('What the index of `resegment effectiveness` is to be, 0 to 100. Default: 40, where `good` begins.'),
    costPer: z
      .enum(['line', 'unit'])
      .default('line')
      .describe(
        'What a value of `cost` of a line is for: all its units, or one of them (needs quantity). Default: line.',
      ),
  })
  .describe('How the figures in the view segment_kpis are counted.')

export type KpiSettings = z.infer<typeof kpisConfig>

/** `objective` of a pipeline. */
export const objectiveConfig = z
  .strictObject({
    kpi: z.enum(kpiNames).describe('The figure that the segmentation is to move: `resegment kpis` lists them.'),
    target: z.number().describe('What it is to be, in its unit: a share is 0 to 1.'),
    by: z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2}$/)
      .describe('Until when, as a date: `2027-03-31`.'),
  })
  .describe('What the segmentation is for. It says which figures lead: the one it names and those that drive it.')

/** What a pipeline says, and the defaults for all it does not say. */
export function kpiSettingsOf({ kpis }: { readonly kpis?: KpiSettings | undefined }): KpiSettings {
  return kpis ?? kpisConfig.parse({})
}
