import { NothingToScoreWith } from '../../errors/nothing-to-score-with.ts'
import type { ClusterModel } from '../cluster/model.ts'
import type { FeatureSpec } from '../features/config.ts'
import type { FittedTransforms } from '../features/transform.ts'
import { asPublishedModel } from './published-model.ts'
import type { Measures, PublishedModel } from './published-model.ts'

/** Features that a message names; it counts the others. */
const MOST_NAMED = 3

/**
 * The model that places the customers of a run that fits none.
 *
 * @param live model of what is published; null: nothing is
 * @param measures of the definition
 * @param refit the command that fits one
 * @throws NothingToScoreWith when there is none, or when it was made from other features
 */
export function scoringModelFrom(
  live: unknown,
  measures: Measures,
  pipeline: string,
  refit = `resegment run ${pipeline}`,
): PublishedModel {
  const first = `Run a refit first: ${refit}.`
  if (live === null || live === undefined)
    throw new NothingToScoreWith(
      `Pipeline ${pipeline} has published nothing yet: there is no model to place customers with.`,
      first,
    )
  const model = asPublishedModel(live)
  if (!model)
    throw new NothingToScoreWith(
      `The published model of pipeline ${pipeline} is not one that this version can place customers with.`,
      first,
    )
  const differences = differ(model.measures, measures)
  if (differences.length === 0) return model
  const more = differences.length > MOST_NAMED ? `, and ${differences.length - MOST_NAMED} more` : ''
  throw new NothingToScoreWith(
    `The features of pipeline ${pipeline} are not those its published model was made from: ${differences.slice(0, MOST_NAMED).join(', ')}${more}.`,
    `${first} Until then the features have to stay as they were.`,
  )
}

function differ(published: Measures, wanted: Measures): readonly string[] {
  const names = [...new Set([...Object.keys(published), ...Object.keys(wanted)])].sort()
  return names.flatMap((name) => {
    if (published[name] === wanted[name]) return []
    if (published[name] === undefined) return [`${name} is new`]
    return [wanted[name] === undefined ? `${name} is gone` : `${name} measures something else`]
  })
}

/** The requested features with the levels that the model knows, so that the columns are those it reads. */
export function pinLevels(specs: readonly FeatureSpec[], { features }: FittedTransforms): readonly FeatureSpec[] {
  return specs.map((spec) => {
    const fitted = features.find(({ name }) => name === spec.column)
    return fitted?.kind === 'composition' ? { ...spec, levels: { ...spec.levels, pinned: fitted.levels } } : spec
  })
}

/** The model of the cluster stage that a publication carries. */
export function withoutPublication(published: PublishedModel): ClusterModel {
  const { segmentKeys: _keys, comparedState: _state, measures: _measures, sourceRows: _rows, ...model } = published
  // What people overrode in that run is not of this one.
  const { fittedOn: _on, fittedBy: _by, overrides: _overrides, completeness: _known, ...unplaced } = model
  const { minimumChange: _minimumChange, pseudonymKey: _key, ...plain } = unplaced
  return plain
}
