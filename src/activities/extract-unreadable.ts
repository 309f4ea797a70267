import { join } from 'node:path'
import { PoisonRowsOverLimit } from '../errors/poison-rows-over-limit.ts'
import { SourceUnreadable } from '../errors/source-unreadable.ts'
import type { ArtifactFile } from '../run/artifact.ts'
import { quoteText } from '../sql/sql-text.ts'
import type { Extraction } from './extraction.ts'
import type { ReadSource } from './extract-source.ts'
import type { StageArtifact } from './stage-artifact.ts'

/** @throws SourceUnreadable, PoisonRowsOverLimit when records that are no rows are more than the source allows */
export async function judgeUnreadable(
  extraction: Extraction,
  { rows, rowCount, unreadable }: ReadSource,
): Promise<void> {
  if (unreadable.count === 0) return
  const { sourceName } = rows.mapping
  const { do: action, maxShare } = rows.source.unreadable
  const share = unreadable.count / (rowCount + unreadable.count)
  if (action === 'quarantine' && share <= maxShare) return
  const first = await extraction.session.rows(
    `SELECT file, line, problem FROM ${unreadable.relation!} ORDER BY file, line LIMIT 3`,
  )
  const places = first.map((row) => `${String(row.file)}, line ${Number(row.line)}: ${String(row.problem)}`).join('; ')
  if (action === 'fail')
    throw new SourceUnreadable(
      `Source ${sourceName} has ${unreadable.count} records that are no rows (${places}).`,
      `Correct the file, or set sources.${sourceName}.unreadable to { do: quarantine } to go on without them.`,
    )
  throw new PoisonRowsOverLimit(
    `${unreadable.count} of ${rowCount + unreadable.count} records of source ${sourceName} are no rows (${places}): a share of ${share.toPrecision(3)}, and maxShare is ${maxShare}.`,
    `Correct the file, or raise sources.${sourceName}.unreadable.maxShare.`,
  )
}

/** Keeps records that are no rows apart, with their lines. Not part of the content: lines depend on the order of rows. */
export async function writeUnreadable(
  extraction: Extraction,
  artifact: StageArtifact,
  reads: readonly ReadSource[],
): Promise<readonly ArtifactFile[]> {
  // A record that is no row has its ids anywhere.
  const { customerIds } = extraction.plan.definition.pipeline.publish
  const text = customerIds === 'plain' ? 'text' : 'CAST(NULL AS VARCHAR) AS text'
  const selects = reads.flatMap(({ rows: { mapping }, unreadable }) =>
    unreadable.count === 0
      ? []
      : [
          `SELECT ${quoteText(mapping.sourceName)} AS source_name, ${quoteText(mapping.role)} AS role, file, line, problem, ${text} FROM ${unreadable.relation!}`,
        ],
  )
  if (selects.length === 0) return []
  const localPath = join(extraction.attempt.scratchPath, 'unreadable.parquet')
  const query = selects.join('\nUNION ALL ')
  const written = await extraction.session.writeParquet(
    query,
    'source_name, role, file, line, problem, text',
    localPath,
  )
  return [
    await artifact.putFile({ role: 'unreadable', shard: 0, extension: '.parquet', localPath, rows: written.rows }),
  ]
}
