import { measureOf, resolveFeatures } from '../stages/features/resolve-features.ts'
import { stageNames, type StageName } from '../run/stage.ts'
import { compareKeys, type KeyChange } from './definition-changes.ts'
import { effectOf } from './definition-effects.ts'
import { fitSettingsOf } from './fit-settings.ts'
import type { KeptDefinition } from './kept-definition.ts'

/** A changed key and what follows from it. */
export interface DefinitionChange extends KeyChange {
  /** In words. */
  readonly effect: string
}

/** What a change of a definition would change. */
export interface DefinitionDiff {
  readonly changes: readonly DefinitionChange[]
  /** Stages that would do otherwise, in order: the first that obeys a changed key, and all after it. */
  readonly stages: readonly StageName[]
  /** Columns of features. `remeasured` measure something else under the same name. */
  readonly features: {
    readonly added: readonly string[]
    readonly removed: readonly string[]
    readonly remeasured: readonly string[]
  }
  /** Settings of the fit that differ; with any of them, segments are formed anew. */
  readonly fitSettings: readonly string[]
  /** What `cluster.refit` of the newer definition says. */
  readonly refit: KeptDefinition['pipeline']['cluster']['refit']
  /** The live model cannot place customers by the new features: moves are for reason `definition`. */
  readonly movesByDefinition: boolean
}

const REWRITTEN = 'The same features, written otherwise: segments stay.'

/** Compares what is in force with what would be. */
export function diffDefinitions(before: KeptDefinition, after: KeptDefinition): DefinitionDiff {
  const found = compareKeys(before, after).map((change) => ({ ...change, ...effectOf(change.path) }))
  const first = Math.min(...found.flatMap(({ stage }) => (stage === null ? [] : [stageNames.indexOf(stage)])), Infinity)
  const features = compareFeatures(before, after)
  const [settings, newSettings] = [fitSettingsOf(before.pipeline), fitSettingsOf(after.pipeline)]
  const keys = [...new Set([...Object.keys(settings), ...Object.keys(newSettings)])]
  const fitSettings = keys.filter((key) => settings[key] !== newSettings[key]).sort()
  return {
    changes: found.map(({ stage: _stage, text, ...change }) => ({
      ...change,
      effect: isRewritten(change, fitSettings) ? REWRITTEN : text,
    })),
    stages: first === Infinity ? [] : stageNames.slice(first),
    features,
    fitSettings,
    refit: after.pipeline.cluster.refit,
    movesByDefinition: Object.values(features).some((names) => names.length > 0),
  }
}

/** The order of features, or a default that is written out. */
function isRewritten({ path }: KeyChange, fitSettings: readonly string[]): boolean {
  return path[1] === 'features' && !fitSettings.some((key) => key.startsWith('feature '))
}

function compareFeatures(before: KeptDefinition, after: KeptDefinition): DefinitionDiff['features'] {
  const measures = ({ pipeline }: KeptDefinition): ReadonlyMap<string, string> =>
    new Map(resolveFeatures(pipeline.features).map((spec) => [spec.column, measureOf(spec)]))
  const [old, now] = [measures(before), measures(after)]
  return {
    added: [...now.keys()].filter((name) => !old.has(name)),
    removed: [...old.keys()].filter((name) => !now.has(name)),
    remeasured: [...now.keys()].filter((name) => old.has(name) && old.get(name) !== now.get(name)),
  }
}
