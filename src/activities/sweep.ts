import type { Definition } from '../plan/definition.ts'
import type { Services } from '../ports/services.ts'
import type { SweptPlace } from '../ports/swept-place.ts'
import { rejectsPrefix } from '../run/artifact-files.ts'
import { planSweep, type RetentionDays, type SweptKind, type Sweepable } from '../run/sweep-plan.ts'
import { attempt } from './attempt.ts'

/** The one argument of workflow `sweep`. */
export interface SweepInput {
  readonly definition: Definition
  readonly retention: RetentionDays
  /** Only say what would go. */
  readonly dryRun: boolean
}

export interface SweptItem {
  readonly kind: SweptKind
  /** Run id; of an upload its key. */
  readonly run: string
  readonly files: number
  readonly bytes: number
}

export interface SweepReport {
  readonly pipeline: string
  readonly dryRun: boolean
  readonly files: number
  readonly bytes: number
  /** The first of them: what crosses Temporal is small. */
  readonly items: readonly SweptItem[]
  readonly otherItems: number
  /** What destinations were told of customers, forgotten. */
  readonly effects: number
}

export interface SweepActivities {
  sweepStores(input: SweepInput): Promise<SweepReport>
}

const MOST_ITEMS = 200
const DAY_MS = 24 * 60 * 60 * 1000

/** Removes what dead and rejected runs of a pipeline left behind. May happen twice: the second time there is nothing. */
export function makeSweepActivities(services: Services): SweepActivities {
  return {
    sweepStores: (input) =>
      attempt(services, input.definition, async ({ signal, progress }) => {
        const { published, artifacts } = services.sweptPlaces(input.definition)
        const found = await look(services, input)
        const uploads = published ? await oldUploads(published, input) : []
        if (!input.dryRun) {
          // A run may have begun since the places were listed: what it refers to now stays.
          const still = await stillSweepable(services, input, found)
          for (const [done, { kind, uris }] of still.entries()) {
            signal.throwIfAborted()
            await (kind === 'unpublished' ? published! : artifacts).remove(uris)
            progress(done + 1, still.length)
          }
          for (const upload of uploads) await published!.abortUpload(upload)
        }
        const { pipeline } = input.definition.pipeline
        const ledger = services.syncLedger(input.definition)
        const effects = await ledger.sweep(pipeline, input.retention.effects, input.dryRun)
        return report(input, effects, [
          ...found.map(({ kind, run, uris, bytes }) => ({ kind, run, files: uris.length, bytes })),
          ...uploads.map(({ key }) => ({ kind: 'upload' as const, run: key, files: 1, bytes: 0 })),
        ])
      }),
  }
}

async function look(services: Services, { definition, retention }: SweepInput): Promise<readonly Sweepable[]> {
  const { target, pipeline } = definition
  const { published, artifacts } = services.sweptPlaces(definition)
  const ofPipeline = `${target.prefix}${pipeline.pipeline}/`
  const rejects = rejectsPrefix(target.prefix, pipeline.pipeline)
  return planSweep({
    pipeline: pipeline.pipeline,
    published: (await published?.list(ofPipeline)) ?? [],
    artifacts: await artifacts.list(ofPipeline),
    rejects: await artifacts.list(rejects),
    dryRuns: await artifacts.list(`${target.prefix}dry-run/`),
    // Last: a run that begins while places are listed is known.
    runs: await services.ledger(definition).recordedRuns(pipeline.pipeline),
    retention,
    now: new Date().toISOString(),
  })
}

async function stillSweepable(
  services: Services,
  input: SweepInput,
  found: readonly Sweepable[],
): Promise<readonly Sweepable[]> {
  if (found.length === 0) return []
  const nameOf = ({ kind, run, uris }: Sweepable): string => [kind, run, ...uris].join('\n')
  const now = new Set((await look(services, input)).map(nameOf))
  return found.filter((one) => now.has(nameOf(one)))
}

async function oldUploads(published: SweptPlace, { definition: { target, pipeline }, retention }: SweepInput) {
  const uploads = await published.listUploads(`${target.prefix}${pipeline.pipeline}/run=`)
  return uploads.filter(({ startedAt }) => Date.now() - Date.parse(startedAt) > retention.orphans * DAY_MS)
}

function report({ definition, dryRun }: SweepInput, effects: number, items: readonly SweptItem[]): SweepReport {
  return {
    pipeline: definition.pipeline.pipeline,
    dryRun,
    files: items.reduce((sum, { files }) => sum + files, 0),
    bytes: items.reduce((sum, { bytes }) => sum + bytes, 0),
    items: items.slice(0, MOST_ITEMS),
    otherItems: Math.max(0, items.length - MOST_ITEMS),
    effects,
  }
}
