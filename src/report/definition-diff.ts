import type { DefinitionDiff } from '../plan/definition-diff.ts'
import { block } from './run-report.ts'
import { SCREEN_COLUMNS, wrapText } from './wrap-text.ts'

const MOST_CHARACTERS = 60

/** A definition compared with the one in force. */
export interface ToldDefinitionDiff extends Omit<DefinitionDiff, 'changes'> {
  readonly pipeline: string
  /** `live`: of the run that consumers see; `deployed`: of the schedule, where nothing is live or nobody kept its definition. */
  readonly comparedWith: 'live' | 'deployed'
  /** The live run. */
  readonly run: string | null
  /** Whether scheduled runs use the definition as it is here; null: it has no schedule, or Temporal is not there. */
  readonly isDeployed: boolean | null
  readonly changes: readonly (DefinitionDiff['changes'][number] & {
    readonly key: string
    readonly file: string
    readonly line: number
  })[]
}

/** What a change of YAML would change, in words. */
export function definitionDiff(diff: ToldDefinitionDiff): readonly string[] {
  const { changes, comparedWith, run, pipeline } = diff
  const other = comparedWith === 'live' ? `what is live (${run})` : 'what is deployed'
  if (changes.length === 0)
    return [`The definition of ${pipeline} is that of ${other}: nothing would change.`, ...deployLines(diff)]
  return [
    `The definition of ${pipeline} and that of ${other} differ in ${changes.length === 1 ? 'a key' : `${changes.length} keys`}:`,
    ...changes.flatMap(({ key, file, line, effect, ...change }) => [
      '',
      `${key}  (${file}:${line})`,
      `  ${shown(change, 'from')} → ${shown(change, 'to')}`,
      ...indented(effect),
    ]),
    ...block(consequences(diff).flatMap((text) => wrapText(text, SCREEN_COLUMNS))),
    ...deployLines(diff),
  ]
}

function consequences({ stages, features, fitSettings, refit, movesByDefinition }: ToldDefinitionDiff): string[] {
  const named = (title: string, names: readonly string[]): string[] =>
    names.length === 0 ? [] : [`${title}: ${names.join(', ')}.`]
  return [
    stages.length === 0 ? 'No stage does otherwise.' : `Stages that do otherwise: ${stages.join(', ')}.`,
    ...named('Features added', features.added),
    ...named('Features removed', features.removed),
    ...named('Features that measure something else', features.remeasured),
    ...(fitSettings.length === 0 ? [] : [`${refitText(refit)} Settings that differ: ${fitSettings.join(', ')}.`]),
    ...(movesByDefinition
      ? ['The live model does not know these features: customers who move do so for reason `definition`.']
      : []),
  ]
}

function refitText(refit: ToldDefinitionDiff['refit']): string {
  if (refit === 'never')
    return 'cluster.refit: never keeps the live model; `resegment run --refit always` is what forms segments anew.'
  return 'The next regular run forms segments anew.'
}

function deployLines({ isDeployed }: ToldDefinitionDiff): readonly string[] {
  return isDeployed === false ? ['', 'Scheduled runs use it from the next `resegment deploy`.'] : []
}

function shown(change: Readonly<Record<string, unknown>>, side: 'from' | 'to'): string {
  if (!(side in change)) return 'nothing'
  const text = JSON.stringify(change[side])
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS - 1)}…` : text
}

function indented(text: string): readonly string[] {
  return wrapText(text, SCREEN_COLUMNS - 2).map((line) => `  ${line}`)
}
