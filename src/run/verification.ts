import { formatCount } from './figures.ts'
import type { RunIdentity } from './run-key.ts'
import type { DryStageName, StageName } from './stage.ts'

/** Stages whose output is computed again; what publishing made of it is compared where consumers find it. */
export type ComputedStage = DryStageName

export const verificationAnswers = [
  'equal',
  'equal_except_erased',
  'inputs_changed',
  'code_changed',
  'different',
] as const

export type VerificationAnswer = (typeof verificationAnswers)[number]

/** One stage, computed again. */
export interface VerifiedStage {
  readonly stage: ComputedStage
  /** `reused`: the recorded artifact of extract was taken as it is; `read again`: the sources were. */
  readonly how: 'reused' | 'read again' | 'computed again'
  readonly isEqual: boolean
  /** Content digests; of rows alone where customers were erased. */
  readonly recorded: string
  readonly found: string
}

/** Something consumers can read, compared with the rows that were validated. */
export interface VerifiedPlace {
  readonly place: 'warehouse' | 'files'
  /** `memberships`, `values`, `segments`, … */
  readonly what: string
  readonly isEqual: boolean
  /** What was compared, or what is wrong, as a sentence without ids. */
  readonly finding: string
}

export interface ChangedVersion {
  /** `resegment`, or a stage. */
  readonly of: ComputedStage | 'resegment'
  readonly recorded: string
  readonly present: string
}

/** How far a verification has come: the answer of its query. */
export interface VerificationProgress {
  readonly at: 'plan' | StageName
  readonly stages: readonly VerifiedStage[]
}

/** The answer of workflow `verifyRun`. */
export interface Verification extends RunIdentity {
  readonly pipeline: string
  readonly answer: VerificationAnswer
  /** Why, in sentences; the first says it all. */
  readonly reasons: readonly string[]
  readonly stages: readonly VerifiedStage[]
  readonly places: readonly VerifiedPlace[]
  readonly versions: readonly ChangedVersion[]
  /** Customers whose rows were erased since; 0: none were. */
  readonly erased: number
}

/** What was found, before anybody has judged it. */
export type VerificationFindings = Pick<Verification, 'stages' | 'places' | 'versions' | 'erased'> & {
  /** Why the inputs are not what they were, as sentences. */
  readonly inputs: readonly string[]
}

/**
 * What the findings come to. Inputs first: from others nothing else can follow; then code, which may change what comes out; what is left
 * of differences has no excuse.
 */
export function judgeVerification({
  stages,
  places,
  versions,
  erased,
  inputs,
}: VerificationFindings): Pick<Verification, 'answer' | 'reasons'> {
  const wrong = stages.find(({ isEqual }) => !isEqual)
  const elsewhere = places.filter(({ isEqual }) => !isEqual)
  if (inputs.length > 0) return { answer: 'inputs_changed', reasons: inputs }
  const differences = [
    ...(wrong
      ? [
          `Stage ${wrong.stage} gives other content: ${wrong.found.slice(0, 12)}, recorded ${wrong.recorded.slice(0, 12)}.`,
        ]
      : []),
    ...elsewhere.map(({ finding }) => finding),
  ]
  if (versions.length > 0 && elsewhere.length === 0)
    return {
      answer: 'code_changed',
      reasons: [
        `Other code made the run: ${versions.map(({ of, recorded, present }) => `${of} ${recorded}, now ${present}`).join('; ')}.`,
        ...(wrong ? differences : ['The content is equal nevertheless.']),
      ],
    }
  if (differences.length > 0) return { answer: 'different', reasons: differences }
  if (erased > 0)
    return {
      answer: 'equal_except_erased',
      reasons: [
        `Equal, except ${formatCount(erased)} ${erased === 1 ? 'customer who was' : 'customers who were'} erased since.`,
      ],
    }
  return { answer: 'equal', reasons: ['Computed again from its recorded inputs, the run has the same content.'] }
}
