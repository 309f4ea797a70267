import { segmentKeysQuery, segmentOutcomesQuery } from '../effectiveness/segment-outcomes-query.ts'
import { type SegmentOutcomes, segmentOutcomes } from '../effectiveness/segment-outcomes.ts'
import { kpiSettingsOf } from '../kpi/config.ts'
import { lineCost } from '../kpi/inputs.ts'
import type { Definition } from '../plan/definition.ts'
import type { ArtifactStore } from '../ports/artifact-store.ts'
import type { ComputeSession } from '../ports/compute-engine.ts'
import type { Services } from '../ports/services.ts'
import { readParquet } from '../sql/sql-text.ts'
import { fileRoleOf } from '../stages/extract/config.ts'
import type { Validation } from '../stages/validate/validation.ts'
import { filesOf, type JudgingRun, type OutcomeRun } from './measure-effectiveness.ts'
import { describeColumns } from './read-artifact.ts'
import { readDocument } from './read-document.ts'
import { withStoredRows } from './stored-rows.ts'

/**
 * What the segments of a run cost and brought, from its as-of until that of a later one, or a time before that; whose clean rows tell it.
 *
 * @throws ArtifactMissing, ConnectionFailed
 */
export async function measureSegmentOutcomes(
  services: Pick<Services, 'engine' | 'store'>,
  definition: Definition,
  judged: OutcomeRun,
  later: JudgingRun,
): Promise<SegmentOutcomes> {
  const store = services.store(definition)
  const { extract } = definition.pipeline
  const members = await filesOf(store, judged.run, judged.segmentsUri)
  const lines = await filesOf(store, later.run, later.cleanUri)
  const touches =
    extract.touches === undefined ? [] : await filesOf(store, later.run, later.cleanUri, fileRoleOf(extract, 'touches'))
  const names = await namesOf(store, judged.segmentsUri!)
  return withStoredRows(
    services.engine,
    store,
    'segment-outcomes',
    [...members, ...lines, ...touches],
    async (session) => {
      const cost = (await hasCost(session, lines)) ? lineCost(kpiSettingsOf(definition.pipeline)) : null
      const { columns } = await session.columns(
        segmentOutcomesQuery({
          ...{ members: readParquet(members), lines: readParquet(lines), lineCost: cost },
          touches: (await hasCost(session, touches)) ? readParquet(touches) : null,
          ...{ from: judged.asOf, until: later.until ?? later.asOf },
        }),
      )
      const keys = (await session.rows(segmentKeysQuery(readParquet(members)))).map((row) => String(row.segment_key))
      return segmentOutcomes(
        {
          segments: { labels: columns.segment as Int32Array, groupCount: keys.length },
          ...{ heldOut: columns.held_out as Int32Array, ordered: columns.ordered as Int32Array },
          ...{ spend: columns.spend as Float64Array, earned: columns.earned as Float64Array },
          contactCost: columns.contact_cost as Float64Array,
        },
        keys.map((segmentKey) => ({ segmentKey, segmentName: names.get(segmentKey) ?? segmentKey })),
        cost === null ? 'revenue' : 'margin',
      )
    },
  )
}

async function hasCost(session: ComputeSession, files: readonly string[]): Promise<boolean> {
  if (files.length === 0) return false
  return (await describeColumns(session, readParquet(files))).some(({ name }) => name === 'cost')
}

async function namesOf(store: ArtifactStore, uri: string): Promise<ReadonlyMap<string, string>> {
  const manifest = (await store.readManifest(uri, 'manifest'))!
  const { segments } = await readDocument<Validation>(store, uri, manifest.files, 'validation')
  return new Map(segments.map(({ segmentKey, name }) => [segmentKey, name]))
}
