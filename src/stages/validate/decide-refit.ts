import type { RefitGround, RefitSummary } from '../../run/refit-policy.ts'
import type { DriftThresholds } from '../cluster/refit/config.ts'
import type { FittedTransforms } from '../features/transform.ts'
import type { PublishedModel } from './published-model.ts'

/** Reasons a sentence names; it counts the others. */
const MOST_NAMED = 3

/** How far customers are from those a model was fitted on. */
export interface DriftFigures {
  /** Population stability index of each column that the model knows, and what chance alone gives. */
  readonly features: readonly { readonly name: string; readonly drift: number; readonly byChance: number }[]
  readonly segmentShift: number
  /** Share of customers far from all segments, now less then. */
  readonly outlierRise: number
}

/** The document `refit` of the cluster stage: whether a regular run fitted its model anew, and why. JSON. */
export interface RefitDecision extends RefitSummary {
  /** The run that fitted the live model; null: none is live, or nobody kept it. */
  readonly fittedBy: string | null
  /** Null: nobody looked. */
  readonly drift: DriftFigures | null
  readonly thresholds: DriftThresholds | null
}

/** What a run fits by, and a model was fitted by: key → digest. */
type Settings = Readonly<Record<string, string>>

/** The model of what is published. */
export interface LiveModel {
  /** Null: of another version of this program. */
  readonly model: PublishedModel | null
  /** Whether somebody kept how the values of every feature lay when it was fitted. */
  readonly knowsValues: boolean
}

/** Of a pipeline that never refits. */
export function keepModel(live: PublishedModel, settings: Settings): RefitDecision {
  const edited = live.fittedBy ? editedSettings(live.fittedBy.settings, settings) : []
  const though = edited.length > 0 ? `, although edited since: ${nameSome(edited)}` : ''
  return decided(live, 'policy', `Kept the model of ${modelName(live)}, as cluster.refit: never says${though}.`)
}

/**
 * Why there is no question of keeping the live model.
 *
 * @param live what is published; null: nothing
 * @param fitted transforms of the customers as they are now
 * @returns null: drift decides
 */
export function mustRefit(
  live: LiveModel | null,
  settings: Settings,
  fitted: FittedTransforms | null,
): RefitDecision | null {
  if (!live) return decided(null, 'nothing-live', 'Fitted a model: nothing is published yet.')
  const { model } = live
  if (!model)
    return decided(
      null,
      'other-version',
      'Refitted, because the published model is of another version of this program.',
    )
  if (!model.fittedBy || !model.fittedOn || !live.knowsValues)
    return decided(model, 'unknown-fit', 'Refitted, because nobody kept what the published model was fitted on.')
  const edited = editedSettings(model.fittedBy.settings, settings)
  if (edited.length > 0)
    return decided(model, 'definition', `Refitted, because the definition was edited since: ${nameSome(edited)}.`)
  const others = fitted ? otherLevels(model.features, fitted) : []
  if (others.length > 0)
    return decided(
      model,
      'levels',
      `Refitted, because ${nameSome(others)} has other levels than the published model knows.`,
    )
  return null
}

export function decideByDrift(live: PublishedModel, drift: DriftFigures, thresholds: DriftThresholds): RefitDecision {
  const { featureDrift, segmentShift, outlierRise } = thresholds
  const features = drift.features.toSorted((a, b) => b.drift - a.drift || (a.name < b.name ? -1 : 1))
  const figures = [
    ...features.map(({ name, drift: value, byChance }) => ({
      what: `${name} drifted`,
      ...{ value, limit: featureDrift.above, isReal: value > byChance },
    })),
    { what: 'the sizes of segments shifted', value: drift.segmentShift, limit: segmentShift.above, isReal: true },
    {
      what: 'the share of customers far from all segments rose by',
      ...{ value: drift.outlierRise, limit: outlierRise.above, isReal: true },
    },
  ]
  const crossed = figures.filter(({ value, limit, isReal }) => value > limit && isReal)
  const since = `since ${modelName(live)} fitted the model`
  if (crossed.length > 0) {
    const reasons = crossed.map(({ what, value, limit }) => `${what} ${figure(value, limit)} > ${limit}`)
    return { ...decided(live, 'drift', `Refitted, because ${nameSome(reasons)} ${since}.`), drift, thresholds }
  }
  const [most] = features
  const ofFeatures = most
    ? `${most.name} drifted most, ${figure(most.drift, featureDrift.above)}${byChanceOnly(most, featureDrift.above)}; `
    : ''
  const shift = figure(drift.segmentShift, segmentShift.above)
  const text = `Kept the model of ${modelName(live)}: ${ofFeatures}sizes of segments shifted ${shift}, within what cluster.drift allows.`
  return { ...decided(live, 'no-drift', text), drift, thresholds }
}

function byChanceOnly({ drift, byChance }: DriftFigures['features'][number], limit: number): string {
  return drift > limit ? `, which is no more than chance gives among so few customers (${byChance.toFixed(2)})` : ''
}

function decided(live: PublishedModel | null, ground: RefitGround, text: string): RefitDecision {
  const isRefit = ground !== 'no-drift' && ground !== 'policy'
  return { isRefit, ground, text, fittedBy: live?.fittedBy?.runId ?? null, drift: null, thresholds: null }
}

function modelName({ fittedBy }: PublishedModel): string {
  if (!fittedBy) return 'what is published'
  const { runId, period } = fittedBy
  return runId.includes(`@${period}`) ? runId : `${runId} (${period})`
}

/** Keys whose values differ, in order; of another method that alone. */
function editedSettings(then: Settings, now: Settings): readonly string[] {
  const keys = [...new Set([...Object.keys(then), ...Object.keys(now)])].sort()
  const edited = keys.filter((key) => then[key] !== now[key])
  return edited.includes('cluster.method')
    ? edited.filter((key) => key === 'cluster.method' || !key.startsWith('cluster.'))
    : edited
}

/** Compositions whose columns the model could not read. */
function otherLevels({ features }: FittedTransforms, fitted: FittedTransforms): readonly string[] {
  return features.flatMap((feature) => {
    if (feature.kind !== 'composition') return []
    const now = fitted.features.find(({ name }) => name === feature.name)
    const isSame =
      now?.kind === 'composition' && now.levels.toSorted().join('\0') === feature.levels.toSorted().join('\0')
    return isSame ? [] : [feature.name]
  })
}

function nameSome(names: readonly string[]): string {
  const more = names.length > MOST_NAMED ? `, and ${names.length - MOST_NAMED} more` : ''
  return `${names.slice(0, MOST_NAMED).join(', ')}${more}`
}

/** Two digits, or as many as show on which side of the limit it is. */
function figure(value: number, limit: number): string {
  const short = value.toFixed(2)
  return Number(short) > limit === value > limit ? short : value.toPrecision(4)
}
