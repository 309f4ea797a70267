import type { Pipeline } from '../plan/pipeline.ts'
import type { Finding } from './yaml-file.ts'

/** Customers whom a pipeline file names: no fault, but their ids travel with the definition to where nobody can erase them. */
export function findNamedCustomers({ overrides = [], cleanse }: Pipeline): readonly Finding[] {
  const found: readonly (readonly [Finding['path'], number, string])[] = [
    [['overrides'], overrides.length, 'a source of role overrides, or encrypted payloads'],
    ...cleanse.map((rule, index) => {
      const ids = rule.rule === 'testCustomers' ? (rule.ids ?? []) : []
      return [['cleanse', index, 'ids'], ids.length, 'a pattern or a condition (when), or encrypted payloads'] as const
    }),
  ]
  return found.flatMap(([path, count, instead]) =>
    count === 0
      ? []
      : [
          {
            path,
            came: `${count === 1 ? 'a customer' : `${count} customers`} by id`,
            wanted: `${instead}: the input of each run has these ids, in Temporal's history until its retention ends`,
          },
        ],
  )
}
