import type { ContractView } from '../../run/contract.ts'
import { fileTables, PARTITION_COLUMN, type FileColumn, type FileTable } from '../../run/file-tables.ts'

export const dialects = ['snowflake', 'bigquery', 'athena', 'redshift'] as const
export type Dialect = (typeof dialects)[number]

export interface ExternalTablesRequest {
  readonly pipeline: string
  /** Where the runs of the pipeline lie: `s3://bucket/prefix/shop`, without a slash at its end. */
  readonly root: string
  readonly region: string
  /** Run ids that consumers saw or see, the oldest first: where partitions have to be named. */
  readonly runs: readonly string[]
  /** The views, whose columns of the same name describe those in the files. */
  readonly views: readonly ContractView[]
}

type Types = Readonly<Record<FileColumn['type'], string>>

/** Statements that make the published files tables of a warehouse which reads S3. */
export function externalTables(dialect: Dialect, request: ExternalTablesRequest): readonly string[] {
  return [...heads[dialect](request), ...Object.values(fileTables).map((table) => bodies[dialect](request, table))]
}

const heads: Readonly<Record<Dialect, (request: ExternalTablesRequest) => readonly string[]>> = {
  snowflake: ({ pipeline, root }) => [
    `-- Give the stage your storage integration. After each publication: alter external table … refresh;
create stage if not exists resegment_${pipeline} url = '${root}/';`,
  ],
  bigquery: ({ region }) => [
    `-- Through a BigLake connection to AWS. Run this again after each publication: it names the runs that are out.
-- Dataset resegment and connection aws-${region}.resegment are yours to make.`,
  ],
  athena: ({ runs }) => [
    `-- Partitions are found by themselves; a query names its run: where run = '${runs.at(-1) ?? 'shop@2026-10-01~1'}'`,
  ],
  redshift: () => [
    `-- Schema resegment is an external one. Run this again after each publication: it names the runs that are out.`,
  ],
}

const bodies: Readonly<Record<Dialect, (request: ExternalTablesRequest, table: FileTable) => string>> = {
  snowflake(request, table) {
    const types: Types = { ...textTypes('varchar'), double: 'double', instant: 'timestamp_tz' }
    const columns = table.columns.map(
      ({ name, type }) => `  ${quoted(name)} ${types[type]} as (value:${quoted(name)}::${types[type]})`,
    )
    const run = `  ${PARTITION_COLUMN} varchar as (split_part(split_part(metadata$filename, '${PARTITION_COLUMN}=', 2), '/', 1))`
    return `create external table if not exists ${nameOf(request, table)} (
${withNotes(request, table, [run, ...columns])}
)
partition by (${PARTITION_COLUMN})
location = @resegment_${request.pipeline}/
pattern = '.*/${table.name}/part-.*[.]parquet'
file_format = (type = parquet)
auto_refresh = false
comment = ${text(table.description)};`
  },
  bigquery(request, table) {
    const types: Types = {
      ...textTypes('STRING'),
      double: 'FLOAT64',
      boolean: 'BOOL',
      integer: 'INT64',
      bigint: 'INT64',
    }
    const columns = table.columns.map(
      (column) =>
        `  \`${column.name}\` ${types[column.type]} OPTIONS (description = ${JSON.stringify(describe(request, table, column))})`,
    )
    const uris = foldersOf(request, table).map((folder) => `    '${folder}*'`)
    return `CREATE OR REPLACE EXTERNAL TABLE \`resegment.${nameOf(request, table)}\` (
${columns.join(',\n')}
)
WITH CONNECTION \`aws-${request.region}.resegment\`
OPTIONS (
  description = ${JSON.stringify(table.description)},
  format = 'PARQUET',
  uris = [
${uris.join(',\n')}
  ]
);`
  },
  athena(request, table) {
    const types: Types = { ...textTypes('string'), integer: 'int', bigint: 'bigint', double: 'double' }
    const columns = table.columns.map(
      (column) => `  \`${column.name}\` ${types[column.type]} COMMENT ${text(describe(request, table, column))}`,
    )
    const template = `${request.root}/${PARTITION_COLUMN}=\${${PARTITION_COLUMN}}/${table.name}/`
    return `CREATE EXTERNAL TABLE IF NOT EXISTS \`${nameOf(request, table)}\` (
${columns.join(',\n')}
)
COMMENT ${text(table.description)}
PARTITIONED BY (\`${PARTITION_COLUMN}\` string)
STORED AS PARQUET
LOCATION '${request.root}/'
TBLPROPERTIES (
  'projection.enabled' = 'true',
  'projection.${PARTITION_COLUMN}.type' = 'injected',
  'storage.location.template' = '${template}'
);`
  },
  redshift(request, table) {
    const types: Types = { ...textTypes('varchar(65535)'), integer: 'integer', double: 'double precision' }
    const columns = table.columns.map(({ name, type }) => `  ${quoted(name)} ${types[type]}`)
    const name = `resegment.${nameOf(request, table)}`
    const partitions = request.runs.map(
      (run, index) => `alter table ${name} add if not exists
partition (${PARTITION_COLUMN} = '${run}') location '${foldersOf(request, table)[index]!}';`,
    )
    return [
      `create external table ${name} (
${withNotes(request, table, columns)}
)
partitioned by (${PARTITION_COLUMN} varchar(256))
stored as parquet
location '${request.root}/';`,
      ...partitions,
    ].join('\n')
  },
}

function textTypes(ofText: string): Types {
  return {
    text: ofText,
    double: 'double',
    integer: 'integer',
    bigint: 'bigint',
    boolean: 'boolean',
    instant: 'timestamp',
  }
}

function nameOf({ pipeline }: ExternalTablesRequest, { name }: FileTable): string {
  return `${pipeline}_${name}`
}

function foldersOf({ root, runs }: ExternalTablesRequest, { name }: FileTable): readonly string[] {
  return runs.map((run) => `${root}/${PARTITION_COLUMN}=${run}/${name}/`)
}

/** The files' own words first, then those of the view. */
function describe({ views }: ExternalTablesRequest, { view }: FileTable, { name, description }: FileColumn): string {
  const ofView = views.find((one) => one.name === view)?.columns.find((column) => column.name === name)
  return description ?? ofView?.description ?? ''
}

/** Columns a line each, with what they mean behind them: for dialects whose external columns have no comment. */
function withNotes(request: ExternalTablesRequest, table: FileTable, lines: readonly string[]): string {
  return lines
    .map((line, index) => {
      const column = table.columns[index - (lines.length - table.columns.length)]
      const note = column === undefined ? 'The run, by the name of its folder.' : describe(request, table, column)
      return `${line}${index < lines.length - 1 ? ',' : ''} -- ${note}`
    })
    .join('\n')
}

function quoted(name: string): string {
  return `"${name}"`
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}
