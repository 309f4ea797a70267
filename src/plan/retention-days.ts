import type { RetentionDays } from '../run/sweep-plan.ts'
import { daysOf } from '../run/time-span.ts'
import type { Project } from './project.ts'

export function retentionDays({ orphans, candidates, dryRuns, rejects, effects }: Project['retention']): RetentionDays {
  return {
    orphans: daysOf(orphans),
    candidates: daysOf(candidates),
    dryRuns: daysOf(dryRuns),
    rejects: daysOf(rejects),
    effects: daysOf(effects),
  }
}
