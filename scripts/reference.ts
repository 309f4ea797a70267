import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { format } from 'prettier'
import { z } from 'zod'
import { latestRun, runManifest } from '../src/adapters/s3/run-manifest.ts'
import { buildProgram } from '../src/cli/program.ts'
import { pipelineSchema, projectSchema } from '../src/config/json-schema.ts'
import type { JsonSchema } from '../src/config/json-schema.ts'
import { featureCatalogue, templateOf } from '../src/config/feature-catalogue.ts'
import { listGates } from '../src/config/gate-catalogue.ts'
import { needsText } from '../src/report/feature-list.ts'
import { featureGroups } from '../src/stages/features/catalogue/entry.ts'
import contract from '../contract/v1.json' with { type: 'json' }
import { commandPage, commandSummaries } from './command-page.ts'
import { inCell, keySections } from './key-page.ts'
import { kpiPage } from './kpi-page.ts'
import { tablePage, type Contract } from './table-page.ts'

const root = join(import.meta.dirname, '..')
const GENERATED = 'Generated from the code by `npm run docs`; a test compares it.'
const PRETTIER = { semi: false, singleQuote: true, printWidth: 120 } as const

/** Every generated file by its path in the repository. */
export async function renderReference(): Promise<Readonly<Record<string, string>>> {
  const program = await buildProgram()
  return {
    'src/cli/command-summaries.json': await json(commandSummaries(program)),
    'schemas/project.schema.json': await json(projectSchema),
    'schemas/pipeline.schema.json': await json(pipelineSchema),
    'schemas/manifest.schema.json': await json(z.toJSONSchema(runManifest)),
    'schemas/latest.schema.json': await json(z.toJSONSchema(latestRun)),
    'docs/reference/project.md': await markdown(
      keyPage('Project file: `resegment.yaml`', projectSchema, 'project.schema.json'),
    ),
    'docs/reference/pipeline.md': await markdown(
      keyPage('Pipeline files: `pipelines/<pipeline>.yaml`', pipelineSchema, 'pipeline.schema.json'),
    ),
    'docs/reference/features.md': await markdown(featurePage()),
    'docs/reference/gates.md': await markdown(gatePage()),
    'docs/reference/kpis.md': await markdown(kpiPage(GENERATED)),
    'docs/reference/cli.md': await markdown(commandPage(program, GENERATED)),
    'docs/reference/tables.md': await markdown(tablePage(contract as Contract)),
    'docs/reference/errors.md': await markdown(errorPage(join(root, 'src/errors'))),
  }
}

function keyPage(title: string, schema: JsonSchema, schemaFile: string): string {
  return [
    `# ${title}`,
    GENERATED,
    schema.description ?? '',
    `Editors complete and check these keys with the first line \`# yaml-language-server: $schema=…/schemas/${schemaFile}\`. Unknown keys are refused. \`<name>\` stands for a name of yours, \`[]\` for each entry of a list.`,
    'Below a choice, such as `cluster` by its `method`, keys are written from the entry on.',
    ...keySections(schema),
  ].join('\n\n')
}

/** The catalogue by group, and files to begin with. */
function featurePage(): string {
  const features = featureCatalogue()
  const groups = featureGroups.filter((group) => features.some((feature) => feature.group === group))
  const table = (group: string): string =>
    [
      '| feature | meaning | type, unit | window | without a value | transform | needs |',
      '|---|---|---|---|---|---|---|',
      ...features
        .filter((feature) => feature.group === group)
        .map((feature) => {
          const { name, meaning, type, unit, window, nullRule, transform, settings } = feature
          const own = Object.entries(settings).map(([key, text]) => `\`${key.replace('*', '')}\`: ${text}`)
          const cells = [
            `\`${name}\``,
            [meaning, ...own].join(' '),
            `${type}, ${unit}`,
            window === 'any' ? 'any' : window === 'fixed' ? 'its own' : 'none',
            nullRule,
            transform,
            needsText(feature),
          ]
          return `| ${cells.map(inCell).join(' | ')} |`
        }),
    ].join('\n')
  return [
    '# Features',
    GENERATED,
    'What `features` of a pipeline may name. `resegment features` prints the same, `resegment features --missing PIPELINE` what a pipeline lacks. How settings, several windows, transforms and levels work is in [the guide on features](../guides/features.md).',
    ...groups.flatMap((group) => [`## ${group[0]!.toUpperCase()}${group.slice(1)}`, table(group)]),
    '## Files to begin with',
    'A source of each of these roles, as CSV: every column that has a meaning; those that are not needed may be left out.',
    ...(['survey', 'events', 'touches', 'tickets'] as const).flatMap((role) => [
      `\`${role}.csv\``,
      ['```csv', ...templateOf(role), '```'].join('\n'),
    ]),
  ].join('\n\n')
}

/** A part a gate, below a table of all. */
function gatePage(): string {
  const gates = listGates()
  const row = (cells: readonly string[]): string => `| ${cells.map(inCell).join(' | ')} |`
  return [
    '# Gates',
    GENERATED,
    'What a run is judged by before consumers see it, each under `validate` of a pipeline. A quality gate looks at the candidate alone, a comparison gate compares it with what is live and has nothing to say on a first run. How thresholds, single segments, policies and gates of your own work is in [the guide on gates](../guides/gates.md).',
    [
      '| gate | kind | unit | default thresholds | looks at |',
      '|---|---|---|---|---|',
      ...gates.map(({ gate, kind, unit, thresholds, meaning }) =>
        row([`[${gate}](#${gate.toLowerCase()})`, kind, unit, thresholds, meaning]),
      ),
    ].join('\n'),
    ...gates.flatMap(({ gate, meaning, formula, thresholds, source, why, remedy, bySegment }) => [
      `## ${gate}`,
      meaning,
      [
        `- **Formula**: ${formula}`,
        `- **Default**: ${thresholds}. ${source}`,
        `- **Why it matters**: ${why}`,
        `- **What one may do**: ${remedy}`,
        ...(bySegment ? ['- Takes thresholds for single segments, under `segments`.'] : []),
      ].join('\n'),
    ]),
  ].join('\n\n')
}

/** One row a class of a folder: its name, the comment above it, and what to do. */
function errorPage(folder: string): string {
  const rows = readdirSync(folder)
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .flatMap((source) => {
      const found =
        /\/\*\*\s*(?<when>(?:(?!\*\/)[\s\S])*?)\s*\*\/\s*export class (?<type>\w+) extends ResegmentError \{(?<body>[\s\S]*)/.exec(
          source,
        )
      if (!found?.groups) return []
      const { when, type, body } = found.groups
      const word = (name: string) => new RegExp(`readonly ${name} = '([^']+)'`).exec(body!)?.[1] ?? ''
      return [
        [`\`${type}\``, when!.replace(/\s*\n\s*\*\s*/g, ' '), retryText(word('retry')), recoveryText(word('recovery'))],
      ]
    })
  return [
    '# Errors',
    GENERATED,
    'The type is the first word of a message of the command line, and `ApplicationFailure.type` in Temporal. Types are permanent: search and alert by them. Every message says what came, what was wanted, and what to do.',
    [
      '| type | when | Temporal | then |',
      '|---|---|---|---|',
      ...rows.map((cells) => `| ${cells.map(inCell).join(' | ')} |`),
    ].join('\n'),
    '*Retry* goes on with the same revision once the world is mended: `resegment retry RUN`, or the reset named in the message. *Rerun* starts the next revision, which reads sources and definition again: `resegment run PIPELINE --revision next`. A repaired table or YAML takes effect by a rerun only. What to click in the Temporal UI for each of them: [for operators](../operators.md).',
  ].join('\n\n')
}

function retryText(retry: string): string {
  return retry === 'try-again' ? 'tries again by itself' : 'fails at once'
}

function recoveryText(recovery: string): string {
  return recovery === 'none' ? 'neither' : recovery
}

function json(value: unknown): Promise<string> {
  return format(JSON.stringify(value), { ...PRETTIER, parser: 'json' })
}

function markdown(text: string): Promise<string> {
  return format(text, { ...PRETTIER, parser: 'markdown', proseWrap: 'never' })
}

if (import.meta.main)
  for (const [path, text] of Object.entries(await renderReference())) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
    console.log(path)
  }
