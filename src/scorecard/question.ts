import type { ScorecardEvidence } from './evidence.ts'

/** What was found out about one sign. */
export interface Finding {
  /** How far it is so, 0 to 1; null: nobody can tell yet. */
  readonly met: number | null
  /** What it is judged by, in words. */
  readonly because: string
  /** View, file or command to look at; null: there is nothing to look at. */
  readonly where: string | null
  /** ISO 8601, UTC: when what it is judged by came about; null: it has no time. */
  readonly at: string | null
}

/** One thing by which a question is answered. Signs of a question count alike. */
export interface Sign {
  /** The sentence that is true when the sign is there. */
  readonly wanted: string
  look(evidence: ScorecardEvidence): Finding
  /** What would make it true, when it is not. */
  readonly raise: string
  /** Command that does it, or shows how; null: none does. */
  readonly command: string | null
}

export interface Question {
  /** 1 to 18 */
  readonly number: number
  readonly text: string
  readonly signs: readonly Sign[]
  /** What the team is asked beside; absent: nothing, the data tells. */
  readonly asks?: string
}
