/** Raised when a consumer of version 1 would break: a column gone, renamed or of another type. Further columns and tables do not raise it. */
export const CONTRACT_VERSION = 1

/** Types that every reader of Parquet has; an instant is in UTC, by the microsecond. */
export type FileColumnType = 'text' | 'double' | 'integer' | 'bigint' | 'boolean' | 'instant'

export interface FileColumn {
  readonly name: string
  readonly type: FileColumnType
  readonly nullable: boolean
  /** Null: as the view's column of the same name says. */
  readonly description: string | null
}

/** A table of the published files: a folder of each run has its parts. */
export interface FileTable {
  readonly name: FileTableName
  /** The view of the warehouse that says the same of the live run. */
  readonly view: string
  readonly description: string
  readonly columns: readonly FileColumn[]
  /** Columns that tell rows of one run apart, in the order in which the rows lie. */
  readonly key: readonly string[]
}

export const fileTableNames = [
  'memberships',
  'further_memberships',
  'scores',
  'reasons',
  'features',
  'segments',
  'profiles',
  'transitions',
  'checks',
] as const
export type FileTableName = (typeof fileTableNames)[number]

/** The folder of a run, as readers of Hive folders see it: a column of this name beside those in the files. */
export const PARTITION_COLUMN = 'run'

/** @param type with `?` where it may be null */
function columns(
  types: Readonly<Record<string, FileColumnType | `${FileColumnType}?`>>,
  texts: Readonly<Record<string, string>> = {},
): readonly FileColumn[] {
  return Object.entries(types).map(([name, type]) => ({
    name,
    type: type.replace('?', '') as FileColumnType,
    nullable: type.endsWith('?'),
    description: texts[name] ?? null,
  }))
}

const ofRun = { pipeline: 'text', run_key: 'text', revision: 'integer' } as const

export const fileTables: Readonly<Record<FileTableName, FileTable>> = {
  memberships: {
    name: 'memberships',
    view: 'customer_segments',
    description: 'The segment of each customer in a run; a row a customer.',
    columns: columns(
      {
        ...{ pipeline: 'text', customer_id: 'text', segment_key: 'text', segment_name: 'text', layer: 'text' },
        ...{ confidence: 'double?', distance: 'double?', next_segment_key: 'text?' },
        ...{ is_outlier: 'boolean', is_holdout: 'boolean', move_reason: 'text?' },
        ...{ as_of: 'instant', period: 'text', run_key: 'text' },
      },
      {
        segment_name: 'Name of the segment when the run was published.',
        move_reason: 'Why the customer is not where the run before had it. Null: it stayed.',
        as_of: 'The instant the run looked from.',
        period: 'The period the run closed.',
        run_key: 'The run.',
      },
    ),
    key: ['segment_key', 'customer_id'],
  },
  further_memberships: {
    name: 'further_memberships',
    view: 'customer_segment_memberships',
    description: 'Memberships beside the first one: overlapping rules, upper levels, other layers; a row each.',
    columns: columns(
      {
        ...{ pipeline: 'text', customer_id: 'text', segment_key: 'text', layer: 'text', since: 'instant' },
        run_key: 'text',
      },
      { run_key: 'The run.' },
    ),
    key: ['segment_key', 'customer_id', 'layer'],
  },
  scores: {
    name: 'scores',
    view: 'customer_scores',
    description: 'What the method measured of each customer; a row a score. Only of methods that have any.',
    columns: columns(
      {
        ...{ pipeline: 'text', customer_id: 'text', score: 'text', value: 'double', unit: 'text', run_key: 'text' },
      },
      { run_key: 'The run.' },
    ),
    key: ['score', 'customer_id'],
  },
  reasons: {
    name: 'reasons',
    view: 'customer_reasons',
    description: 'Why each customer is in its segment; at most three rows a customer. Only of methods that say so.',
    columns: columns(
      {
        ...{ pipeline: 'text', customer_id: 'text', position: 'integer', reason: 'text', direction: 'text' },
        ...{ size: 'double', run_key: 'text' },
      },
      {
        position: '1 is the strongest.',
        reason: 'Feature or rule.',
        direction: 'high or low.',
        size: 'How strongly it pulls.',
        run_key: 'The run.',
      },
    ),
    key: ['customer_id', 'position'],
  },
  features: {
    name: 'features',
    view: 'customer_features',
    description: 'The features of each customer; a row a feature. Only of pipelines with publish.features.',
    columns: columns(
      {
        ...{ pipeline: 'text', customer_id: 'text', feature: 'text', value: 'double?', text_value: 'text?' },
        run_key: 'text',
      },
      { run_key: 'The run.' },
    ),
    key: ['feature', 'customer_id'],
  },
  segments: {
    name: 'segments',
    view: 'segments',
    description: 'The segments of a run; a row each.',
    columns: columns(
      {
        ...ofRun,
        ...{ segment_key: 'text', name: 'text', description: 'text', criteria: 'text', status: 'text' },
        ...{ customers: 'bigint', share: 'double', level: 'integer', parent_segment_key: 'text?', layer: 'text?' },
        as_of: 'instant',
      },
      {
        run_key: 'The run.',
        revision: 'Revision of the run.',
        customers: 'Customers in this run.',
        share: 'Share of all customers of this run, 0 to 1.',
        as_of: 'The instant the run looked from.',
      },
    ),
    key: ['segment_key'],
  },
  profiles: {
    name: 'profiles',
    view: 'segment_profiles',
    description: 'What the customers of a segment are like; a row a segment and feature, in the unit of the feature.',
    columns: columns({
      ...ofRun,
      ...{ segment_key: 'text', feature: 'text', mean: 'double?', median: 'double?', p10: 'double?', p90: 'double?' },
      ...{ null_share: 'double', population_mean: 'double?', effect_size: 'double?', lift: 'double?', unit: 'text' },
    }),
    key: ['segment_key', 'feature'],
  },
  transitions: {
    name: 'transitions',
    view: 'segment_transitions',
    description: 'How many customers went from where to where; rows and columns add up to the two populations.',
    columns: columns({
      ...ofRun,
      ...{ from_segment_key: 'text?', to_segment_key: 'text?', move_reason: 'text?', customers: 'bigint' },
    }),
    key: ['from_segment_key', 'to_segment_key', 'move_reason'],
  },
  checks: {
    name: 'checks',
    view: 'validation_checks',
    description: 'What each gate of a run computed and decided.',
    columns: columns({
      ...ofRun,
      ...{ gate: 'text', outcome: 'text', value: 'double?', threshold: 'text?', message: 'text' },
    }),
    key: ['gate'],
  },
}
