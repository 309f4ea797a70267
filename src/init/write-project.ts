import { stringify } from 'yaml'
import { chooseFeatures, chooseGates, chooseRules, type Objective } from './choose-pipeline.ts'
import type { SourceGuess } from './guesses.ts'

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
    ...sources.flatMap(sourceLines),
    '',
    "# contact: '#growth-data'",
    '',
  ].join('\n')
}

function sourceLines({ place, role, columns, lookups }: SourceGuess): readonly string[] {
  const types: Record<string, string> = place.isTyped ? {} : Object.assign({}, ...columns.map((guess) => guess.types))
  return [
    `  ${place.name}:`,
    `    from: ${flow(place.from)}`,
    '    columns:',
    ...columns.map(({ column, from, because }) => `      ${column}: ${flow(from)} # ${because}`),
    ...(Object.keys(types).length === 0 ? [] : [`    types: ${flow(types)} # what the expressions calculate with`]),
    ...(lookups.length === 0 ? [] : ['    lookups:', ...lookups.map((lookup) => `      - ${flow(lookup)}`)]),
    ...(role === 'transactions' ? ['    # currency: EUR', '    timezone: UTC # of instants that carry no zone'] : []),
    ...(role === 'customers'
      ? ['    # recordedAt: updated_at # when a row became known: without it a past as-of sees the attributes of today']
      : []),
  ]
}

/** `pipelines/<name>.yaml` for an objective. */
export function writePipeline(name: string, objective: Objective, sources: readonly SourceGuess[]): string {
  const primary = sources.find(({ role }) => role === 'transactions')!
  const customers = sources.find(({ role }) => role === 'customers')
  const extract = { transactions: primary.place.name, ...(customers ? { customers: customers.place.name } : {}) }
  return [
    `# yaml-language-server: $schema=../${SCHEMAS}/pipeline.schema.json`,
    `pipeline: ${name}`,
    `description: Segments for ${objective}`,
    "owner: ''",
    `schedule: { refit: ${objective === 'growth' ? 'month' : 'quarter'}, timezone: UTC } # in force after \`resegment deploy\``,
    `extract: ${flow(extract)}`,
    'cleanse:',
    ...chooseRules(primary).map(({ value, because }) => `  - ${flow(value)} # ${because}`),
    `# Chosen for ${objective}; \`resegment features --missing ${name}\` says what else could be known.`,
    'features:',
    ...chooseFeatures(objective, primary).map(({ value, because }) => `  - ${flow(value)} # ${because}`),
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
