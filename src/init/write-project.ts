import { stringify } from 'yaml'
import { carriedRoles, controlRoles } from '../run/data-roles.ts'
import { chooseFeatures } from './choose-features.ts'
import { chooseGates, type Objective } from './choose-pipeline.ts'
import { chooseRules } from './choose-rules.ts'
import type { ColumnGuess, SourceGuess } from './guesses.ts'

const SCHEMAS = 'node_modules/resegment/schemas'

/** `resegment.yaml`, with the reason behind every guess. */
export function writeProject(sources: readonly SourceGuess[], connections: Readonly<Record<string, unknown>>): string {
  return [
    `# yaml-language-server: $schema=${SCHEMAS}/project.schema.json`,
    '# Written by `resegment init` from a look at the data. The remarks say what was guessed and why: correct what is wrong.',
    'connections:',
    ...Object.entries(connections).map(([name, value]) => `  ${name}: ${flow(value)}`),
    '',
    '# dev works on servers of this machine; name prod with --target prod.',
    'targets:',
    '  dev: { schema: segmentation_dev, prefix: dev/, embedded: true }',
    '  prod: { schema: segmentation, prefix: prod/ }',
    '',
    'sources:',
    ...sources.filter(({ role }) => role !== 'none').flatMap(sourceLines),
    '',
    "# contact: '#growth-data'",
    '',
  ].join('\n')
}

function sourceLines({
  name,
  place,
  role,
  because: use,
  columns,
  lookups,
  recordedAt,
}: SourceGuess): readonly string[] {
  const types: Record<string, string> = place.isTyped ? {} : Object.assign({}, ...columns.map((guess) => guess.types))
  const hasInstants = columns.some(({ column }) => column === 'occurred_at') || recordedAt !== undefined
  return [
    `  # ${role === 'lookup' ? 'looked up by others' : role}: ${use}`,
    `  ${name}:`,
    `    from: ${flow(place.from)}`,
    '    columns:',
    ...columns.map((guess) => `      ${guess.column}: ${flow(madeOf(guess))} # ${guess.because}`),
    ...(Object.keys(types).length === 0 ? [] : [`    types: ${flow(types)} # what the expressions calculate with`]),
    ...(lookups.length === 0 ? [] : ['    lookups:', ...lookups.map((lookup) => `      - ${flow(lookup)}`)]),
    ...(role === 'transactions' ? ['    # currency: EUR'] : []),
    ...(recordedAt === undefined
      ? []
      : [
          `    recordedAt: ${flow(recordedAt)} # of a customer's rows the latest before the as-of counts`,
          '    key: [customer_id]',
        ]),
    ...(hasInstants ? ['    timezone: UTC # of instants that carry no zone'] : []),
    ...(role === 'customers' && recordedAt === undefined
      ? ['    # recordedAt: updated_at # when a row became known: without it a past as-of sees the attributes of today']
      : []),
  ]
}

function madeOf({ from, type }: ColumnGuess): unknown {
  if (type === undefined) return from
  return { ...(typeof from === 'string' ? { column: from } : from), type }
}

/** Role → its source, or several. */
function extractOf(sources: readonly SourceGuess[]): Readonly<Record<string, unknown>> {
  const named = [...carriedRoles, ...controlRoles].flatMap((role) => {
    const names = sources.filter((source) => source.role === role).map(({ name }) => name)
    return names.length === 0 ? [] : [[role, names.length === 1 ? names[0] : names] as const]
  })
  const isBought = named.some(([role]) => role === 'transactions')
  return { ...Object.fromEntries(named), ...(isBought ? {} : { population: 'customers' }) }
}

/** `pipelines/<name>.yaml` for an objective. */
export function writePipeline(name: string, objective: Objective, sources: readonly SourceGuess[]): string {
  return [
    `# yaml-language-server: $schema=../${SCHEMAS}/pipeline.schema.json`,
    `pipeline: ${name}`,
    `description: Segments for ${objective}`,
    "owner: ''",
    `schedule: { refit: ${objective === 'growth' ? 'month' : 'quarter'}, timezone: UTC } # in force after \`resegment deploy\``,
    `extract: ${flow(extractOf(sources))}`,
    'cleanse:',
    ...chooseRules(sources).map(({ value, because }) => `  - ${flow(value)} # ${because}`),
    `# Chosen for ${objective}; \`resegment features --missing ${name}\` says what else could be known.`,
    'features:',
    ...chooseFeatures(objective, sources).map(({ value, because }) => `  - ${flow(value)} # ${because}`),
    'cluster: { method: kmeans, count: { from: 3, to: 6 } } # the count with the best silhouette',
    'validate:',
    ...chooseGates(objective).map(([gate, value, because]) => `  ${gate}: ${flow(value)} # ${because}`),
    'publish: { warehouse: warehouse, s3: lake }',
    '',
  ].join('\n')
}

function flow(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim().replaceAll('\n', ' ')
}
