import { upsertSearchAttributes, workflowInfo } from '@temporalio/workflow'
import { type SearchAttributeName, searchAttributes } from '../run/search-attributes.ts'

/** What the run is found by in Temporal. */
export class RunAttributes {
  private readonly values = new Map<string, string | null>()

  constructor() {
    const { typedSearchAttributes } = workflowInfo()
    for (const key of Object.values(searchAttributes)) {
      const value = typedSearchAttributes.get(key)
      if (value !== undefined) this.values.set(key.name, value)
    }
  }

  /** Each upsert is an event of the history: only what changed. Null takes one away: a run that is started like another has the other's. */
  set(values: Partial<Record<SearchAttributeName, string | null>>): void {
    const changed = Object.entries(values)
      .map(([name, value]) => ({ key: searchAttributes[name as SearchAttributeName], value }))
      .filter(({ key, value }) => (this.values.get(key.name) ?? null) !== value)
    for (const { key, value } of changed) this.values.set(key.name, value)
    if (changed.length > 0) upsertSearchAttributes(changed)
  }
}
