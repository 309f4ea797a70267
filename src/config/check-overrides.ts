import { resolveInstant } from '../plan/period.ts'
import type { Pipeline } from '../plan/pipeline.ts'
import { quote } from './describe-value.ts'
import type { Finding } from './yaml-file.ts'

/** Each customer has one word of people, and it ends on a day that there is. */
export function checkOverrides(pipeline: Pipeline): readonly Finding[] {
  const { overrides = [] } = pipeline
  return overrides.flatMap(({ customer, expires }, index): readonly Finding[] => {
    const first = overrides.findIndex((other) => other.customer === customer)
    const again =
      first === index
        ? []
        : [
            {
              path: ['overrides', index, 'customer'],
              came: `${quote(customer)}, again`,
              wanted: `one override a customer; entry ${first + 1} of the list has it`,
            },
          ]
    if (expires === undefined || resolveInstant(pipeline, expires) !== null) return again
    return [
      ...again,
      {
        path: ['overrides', index, 'expires'],
        came: quote(expires),
        wanted: 'a day of the calendar, such as 2026-12-31',
      },
    ]
  })
}
