import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { TestProject } from '../e2e/project.ts'
import { blocksOf, type Block } from './blocks.ts'
import { developsUntilInterrupted } from './developing.ts'
import { EXPLAINING_GUIDES } from './guides.ts'
import { writeOutcomes } from './experiment-outcomes.ts'
import { shellCommands, shellWords } from './shell-commands.ts'
import { writeOrderLines, writeSegmentsOfToday } from './order-lines.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const SHOP = 'docs'
const ORDERS = 'docsown'
/** In the order in which a team would meet them: the guide of the data team makes the runs that the others look at. */
const DOCUMENTS = [
  'docs/guides/data-team.md',
  'docs/guides/operator.md',
  'docs/guides/consumer.md',
  'docs/guides/privacy.md',
  'docs/guides/scorecard.md',
  'docs/guides/report.md',
  'docs/guides/experiments.md',
  'README.md',
  'CONTRIBUTING.md',
]
/** Shown, not executed. */
const SHOWN = ['text']
/** Commands that this test leaves out, and what runs them instead. */
const ELSEWHERE: readonly (readonly [RegExp, string])[] = [
  [/^git clone .* && cd resegment$/, 'a test starts from a clone'],
  [/^npm start( -- --keep)?$/, 'test/cli/demo.test.ts runs the demo, which is all that it does'],
  [/^npm test\b/, 'this is it'],
  [/^npm run check\b/, 'test/gates runs each of its programs'],
  [/^npm run test:nightly\b/, 'it takes an hour; its parts run in the tests of publishing'],
  [/^npm run bench -- small$/, 'figures are no test; test/bench checks how they are read'],
  [/^docker compose\b/, 'test/adapters/embedded/docker-compose.test.ts checks the file'],
]

/** The demo shop, and the project that the guide of the data team writes. */
/** Commands that decide about a run. */
const DECISIONS = ['approve', 'reject', 'use-live-model', 'cancel']
let shop: TestProject
let own: TestProject | undefined
beforeAll(async () => {
  shop = await TestProject.open(SHOP, {
    'resegment.yaml': withTarget(SHOP, readFileSync(join(ROOT, 'resegment.yaml'), 'utf8')),
    'pipelines/shop.yaml': readFileSync(join(ROOT, 'pipelines/shop.yaml'), 'utf8'),
  })
  // The guide of privacy forgets a customer.
  shop.keepCacheApart()
})
afterAll(async () => {
  await shop.close()
  await own?.close()
})

describe('every command of', () => {
  it('covers every guide', () => {
    // The receivers of activation are other people's, the questions are about public data, and versions of workers take a target for
    // themselves: each has a test of its own.
    const apart = ['activation', 'questions', 'rolling-out'].map((guide) => `docs/guides/${guide}.md`)
    const covered = [...DOCUMENTS, ...EXPLAINING_GUIDES, ...apart]
    expect(globSync('docs/guides/*.md', { cwd: ROOT }).filter((guide) => !covered.includes(guide))).toEqual([])
  })

  // Parts of different projects wait for one another only where the guides do.
  it.concurrent.each(DOCUMENTS)('%s does what it says', (document) => performed(document))
})

const performances = new Map<string, Promise<void>>()

/** Executes a document once, after those that it builds on. */
function performed(document: string): Promise<void> {
  const before = DOCUMENTS[DOCUMENTS.indexOf(document) - 1]
  const known = performances.get(document)
  if (known) return known
  const performing = perform(document, before === undefined ? Promise.resolve() : performed(before))
  performances.set(document, performing)
  return performing
}

async function perform(document: string, before: Promise<void>): Promise<void> {
  const blocks = blocksOf(readFileSync(join(ROOT, document), 'utf8'))
  expect(blocks.length).toBeGreaterThan(0)
  // What comes from the first file on is about a project of the reader's own, and needs nothing of what comes before.
  const written = blocks.findIndex(({ language }) => language === 'csv')
  const parts = written === -1 ? [blocks] : [blocks.slice(0, written), blocks.slice(written)]
  const [ofShop = [], ofOwn = []] = parts
  await Promise.all([before.then(() => performBlocks(document, ofShop)), performBlocks(document, ofOwn)])
}

async function performBlocks(document: string, blocks: readonly Block[]): Promise<void> {
  const background: Promise<void>[] = []
  let project = shop
  for (const { language, text } of blocks) {
    if (language === 'sql') await answersRows(project, text)
    else if (language === 'csv') project = await openOwn(text.split('\n')[0]!)
    else if (language === 'yaml') await writeDefinition(project, text)
    else if (language === 'sh' || language === 'bash')
      for (const command of shellCommands(text))
        if (command === 'npx resegment dev') {
          const developing = developsUntilInterrupted()
          developing.catch(() => {}) // Its failure is met where it is awaited, after the other commands.
          background.push(developing)
        } else await execute(project, command)
    else expect(SHOWN, `${document} has a block that nothing executes`).toContain(language)
  }
  await Promise.all(background)
}

async function openOwn(header: string): Promise<TestProject> {
  own = await TestProject.open(ORDERS, { 'data/orders.csv': `${header}\n${writeOrderLines(90)}` })
  return own
}

async function execute(project: TestProject, command: string): Promise<void> {
  const elsewhere = ELSEWHERE.find(([pattern]) => pattern.test(command))
  if (elsewhere) {
    console.info(`not executed: ${command}: ${elsewhere[1]}`)
    return
  }
  const [npx, program, ...words] = shellWords(command)
  expect([npx, program], `how is "${command}" executed?`).toEqual(['npx', 'resegment'])
  // The guides name prod; here everything happens in a target of the test.
  const args = words.join('\n').replace('--target\nprod', '').split('\n').filter(Boolean)
  if (args[0] === 'worker') {
    await project.startWorker()
    return
  }
  await setScene(project, args)
  // A smaller shop shows the same.
  if (args[0] === 'demo-data') args.push('--customers', '500')
  // Readers are in the folder of their project; here commands are executed in the repository.
  for (const option of ['--html', '--outcomes']) {
    const file = args.indexOf(option) + 1
    if (file > 0) args[file] = join(project.folder, args[file]!)
  }
  const result = await project.cli(args)
  expect(result.code, `${command}\n${result.stdout}\n${result.stderr}`).toBe(0)
  if (DECISIONS.includes(args[0]!)) await decisionIsDone(project)
}

/** A decision is taken at once; what follows of it goes on, and the next run has to find it. */
function decisionIsDone(project: TestProject): Promise<void> {
  return vi.waitFor(
    async () => {
      const [newest] = await project.sql<{ status: string }>(
        "select status from runs where run_key = 'shop@2026-10-01' order by revision desc limit 1",
      )
      expect(newest?.status).toMatch(/^(?:published|rejected|cancelled)$/)
    },
    { timeout: 120_000, interval: 200 },
  )
}

/** What has to have happened before a command makes sense, to the run that the guides speak of. */
async function setScene(project: TestProject, [command = '', ...options]: readonly string[]): Promise<void> {
  if (DECISIONS.includes(command) || options.includes('--live-model'))
    await runWith(project, 'pipelines/shop.yaml', 'hold: { below: 0.01 }', 'hold: { below: 0.9 }', 3)
  if (options.includes('--outcomes')) await writeOutcomes(project)
  if (command === 'adopt') project.write('data/segments_today.csv', writeSegmentsOfToday(90))
  // No worker has this secret: the world is to be mended, not the definition.
  if (command === 'retry')
    await runWith(
      project,
      'resegment.yaml',
      'from: { file: .resegment/demo/customers.csv }',
      'from: { connection: absent, table: lines }',
      1,
    )
}

/** The next revision, of a definition that is changed for it. */
async function runWith(project: TestProject, file: string, text: string, instead: string, code: number): Promise<void> {
  const before = project.read(file)
  expect(before).toContain(text)
  project.write(
    file,
    before
      .replace(text, instead)
      .replace('connections:\n', 'connections:\n  absent: { postgres: { secret: ABSENT_URL } }\n'),
  )
  try {
    await project.run(['shop', '--as-of', '2026-10-01', '--revision', 'next'], code)
  } finally {
    project.write(file, before)
  }
}

/** Writes a file whose first line names it, and checks the project as soon as it has both kinds of file. */
async function writeDefinition(project: TestProject, text: string): Promise<void> {
  const name = /^# ((?:resegment|scorecard)\.yaml|pipelines\/\w+\.yaml)\n/.exec(text)?.[1]
  if (name === undefined)
    throw new Error(`The first line of a YAML block names its file: # pipelines/orders.yaml\n${text}`)
  if (name === 'resegment.yaml') {
    project.write(name, withTarget(ORDERS, text))
    return
  }
  project.write(name, text)
  // What reads it is executed beside it.
  if (name === 'scorecard.yaml') return
  const { code, stdout, stderr } = await project.cli(['check'])
  expect(code, `${stdout}\n${stderr}`).toBe(0)
}

/** A target of the test beside those that are there. */
function withTarget(target: string, definition: string): string {
  const line = `  ${target}: { schema: segmentation_${target}, prefix: ${target}/, embedded: true }\n`
  return definition.replace('targets:\n', `targets:\n${line}`)
}

async function answersRows(project: TestProject, query: string): Promise<void> {
  const rows = query.startsWith('-- DuckDB\n')
    ? await queryFiles(project, query)
    : await project.sql(query.replaceAll('segmentation.', `${project.schema}.`))
  expect(rows.length, query).toBeGreaterThan(0)
}

/** Runs a query in a copy of the newest run's folder, fetched by the manifest that `latest.json` names. */
async function queryFiles(project: TestProject, query: string): Promise<readonly unknown[]> {
  const folder = join(project.folder, 'files')
  const { S3_ENDPOINT, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = project.variables
  const s3 = new S3Client({
    endpoint: S3_ENDPOINT!,
    region: AWS_REGION ?? 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: AWS_ACCESS_KEY_ID!, secretAccessKey: AWS_SECRET_ACCESS_KEY! },
  })
  const read = async (key: string): Promise<Uint8Array> =>
    (await s3.send(new GetObjectCommand({ Bucket: 'resegment', Key: key }))).Body!.transformToByteArray()
  const json = async <T>(key: string): Promise<T> => JSON.parse(Buffer.from(await read(key)).toString()) as T
  const { manifest } = await json<{ manifest: string }>(`${project.target}/shop/latest.json`)
  const { files } = await json<{ files: { path: string }[] }>(manifest)
  for (const { path } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), await read(`${dirname(manifest)}/${path}`))
  }
  s3.destroy()
  const connection = await (await DuckDBInstance.create()).connect()
  await connection.run(`set file_search_path = '${folder}'`)
  return (await connection.runAndReadAll(query)).getRowObjects()
}
