import { z } from 'zod'

/** `review` of a pipeline. */
export const reviewConfig = z
  .strictObject({
    window: z
      .string()
      .regex(/^[1-9]\d{0,2} (day|week|month|quarter|year)s?$/)
      .default('1 quarter')
      .describe(
        'How long after its as-of a run is judged by what its customers do: `1 quarter`, `90 days`, by the calendar of the zone. Default: 1 quarter.',
      ),
  })
  .describe(
    'Has each published run reviewed once its window is over and a later run knows the whole of it: effectiveness, a page, a notice. Its target is `kpis.effectiveness`. Default: nobody reviews.',
  )

export type ReviewSettings = z.infer<typeof reviewConfig>

/** What a pipeline says, and the defaults for all it does not say. */
export function reviewSettingsOf({ review }: { readonly review?: ReviewSettings | undefined }): ReviewSettings {
  return review ?? reviewConfig.parse({})
}
