import type { StageName } from '../run/stage.ts'
import type { DefinitionPath } from './definition-changes.ts'

/** What a changed key does to the next run. */
export interface KeyEffect {
  /** The first stage that does otherwise; those after it follow. Null: none. */
  readonly stage: StageName | null
  readonly text: string
}

interface Rule extends KeyEffect {
  /** Keys from the root of a definition: the effect of everything below, unless a longer one says otherwise. */
  readonly key: string
}

const NAMES = 'Names and people only: no customer moves.'
const READ = 'Sources are read otherwise, and everything follows.'
const SCHEDULE = 'When runs start by themselves: acts from the next `resegment deploy`.'
const FIT = 'Part of the settings of the fit: segments are formed anew.'

const rules: readonly Rule[] = [
  { key: 'connections', stage: 'extract', text: READ },
  { key: 'sources', stage: 'extract', text: READ },
  { key: 'contact', stage: null, text: NAMES },
  { key: 'runbook', stage: null, text: NAMES },
  { key: 'notify', stage: null, text: 'Who is told what becomes of runs: no customer moves.' },
  { key: 'formatVersion', stage: 'extract', text: 'Definitions are written otherwise.' },
  { key: 'pipeline.pipeline', stage: 'extract', text: 'Another pipeline.' },
  { key: 'pipeline.description', stage: null, text: NAMES },
  { key: 'pipeline.owner', stage: null, text: NAMES },
  { key: 'pipeline.schedule', stage: null, text: SCHEDULE },
  { key: 'pipeline.schedule.refit', stage: null, text: `${SCHEDULE} Periods are called otherwise.` },
  {
    key: 'pipeline.schedule.timezone',
    stage: 'extract',
    text: `${SCHEDULE} A date as as-of is another instant, and days begin otherwise.`,
  },
  {
    key: 'pipeline.timezone',
    stage: 'extract',
    text: 'A date as as-of is another instant, and days begin otherwise.',
  },
  { key: 'pipeline.extract', stage: 'extract', text: READ },
  { key: 'pipeline.cleanse', stage: 'cleanse', text: 'Other rows count: features of some customers change.' },
  { key: 'pipeline.features', stage: 'features', text: FIT },
  { key: 'pipeline.featureChecks', stage: 'features', text: FIT },
  { key: 'pipeline.cluster', stage: 'cluster', text: FIT },
  { key: 'pipeline.cluster.refit', stage: 'cluster', text: 'When segments are formed anew; not how.' },
  { key: 'pipeline.cluster.drift', stage: 'cluster', text: 'When segments are formed anew; not how.' },
  { key: 'pipeline.validate', stage: 'validate', text: 'Gates only: no customer moves, the verdict may be another.' },
  {
    key: 'pipeline.validate.approval',
    stage: 'validate',
    text: 'How a held run is decided: no customer moves.',
  },
  {
    key: 'pipeline.validate.identity',
    stage: 'validate',
    text: 'Which cluster goes on with which segment: keys may change, the groups do not.',
  },
  { key: 'pipeline.segments', stage: 'validate', text: NAMES },
  { key: 'pipeline.playbook', stage: 'validate', text: 'What is to be done with segments: no customer moves.' },
  {
    key: 'pipeline.overrides',
    stage: 'validate',
    text: 'Whom people put where: only these customers move, with reason `override`.',
  },
  {
    key: 'pipeline.objective',
    stage: 'validate',
    text: 'Which figures lead in segment_kpis: no customer moves.',
  },
  { key: 'pipeline.kpis', stage: 'validate', text: 'How figures in segment_kpis are counted: no customer moves.' },
  { key: 'pipeline.review', stage: null, text: 'When published runs are reviewed: no customer moves.' },
  { key: 'pipeline.publish', stage: 'publish', text: 'Publishing only: the segments stay, where they appear changes.' },
  {
    key: 'pipeline.publish.customerIds',
    stage: 'extract',
    text: 'Customers have other ids: all of them are new, and a run has to be told that it is meant.',
  },
  {
    key: 'pipeline.publish.features',
    stage: 'publish',
    text: 'Which features of customers are published: no customer moves.',
  },
  {
    key: 'pipeline.publish.holdout',
    stage: 'validate',
    text: 'Which customers are held out: no customer moves. A larger share keeps those who are, and a smaller one holds out nobody new; another salt draws others.',
  },
]

/** What follows from a changed key: the rule of the longest key that contains it. */
export function effectOf(path: DefinitionPath): KeyEffect {
  const covers = ({ key }: Rule): boolean => key.split('.').every((step, depth) => path[depth] === step)
  const [first, ...others] = rules.filter(covers)
  if (!first) return { stage: 'extract', text: 'Everything may change.' }
  const { stage, text } = others.reduce(
    (longest, rule) => (rule.key.length > longest.key.length ? rule : longest),
    first,
  )
  return { stage, text }
}
