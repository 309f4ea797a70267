import type { Generated } from 'kysely'
import type { GateUnit } from '../../run/figures.ts'
import type { GateEffect, GateOutcome } from '../../run/verdict.ts'

/** Workers from before leave empty what stands below the message. */
export interface ValidationCheckTable {
  run_key: string
  revision: number
  gate: string
  outcome: GateOutcome
  value: number | null
  threshold: string | null
  message: string | null
  effect: Generated<GateEffect | null>
  unit: Generated<GateUnit | null>
  subject: Generated<string | null>
  meaning: Generated<string | null>
  why: Generated<string | null>
  remedy: Generated<string | null>
  customers: Generated<number | null>
  list: Generated<string | null>
  seen: Generated<unknown>
}
