import { SourceLate } from '../errors/source-late.ts'
import { SourceNotComplete } from '../errors/source-not-complete.ts'
import { windowStart } from '../plan/windows.ts'
import type { Source } from '../stages/extract/config.ts'
import { fitValue } from '../stages/extract/fit-value.ts'
import { columnOf, RECORDED_AT } from '../stages/extract/mapping.ts'
import { quoteName, quoteText } from '../sql/sql-text.ts'
import type { Extraction } from './extraction.ts'
import { readSource } from './extract-source.ts'

const MINUTE_MS = 60_000
const unitMs: Readonly<Record<string, number>> = { m: MINUTE_MS, h: 60 * MINUTE_MS }

/**
 * Looks whether every source that says when it is complete has come so far.
 *
 * @returns names of those that are late and are read all the same
 * @throws SourceNotComplete while there is time to wait, then SourceLate
 */
export async function findLateSources(
  extraction: Extraction,
  used: readonly (readonly [string, Source])[],
): Promise<ReadonlySet<string>> {
  const { plan, attempt } = extraction
  const { extract, schedule } = plan.definition.pipeline
  const awaited: string[] = []
  const late = new Set<string>()
  for (const [sourceName, source] of used) {
    if (!source.complete) continue
    const needed = source.complete.through === 'asOf' ? plan.asOf : windowStart(plan.asOf, '1 days', plan.timezone)
    const newest = await newestOf(extraction, sourceName, source)
    if (newest !== null && newest >= needed.replace('T', ' ').replace(/\.000Z$|Z$/, '')) continue
    late.add(sourceName)
    awaited.push(
      `source ${sourceName} to reach ${needed} (its newest value is ${newest === null ? 'none' : `${newest} UTC`})`,
    )
  }
  if (late.size === 0) return late
  const patienceMs = schedule === undefined ? 0 : milliseconds(schedule.waitForLateData)
  const leftMs = patienceMs - attempt.waitedMs()
  const awaits = `Waiting for ${awaited.join(' and ')}.`
  attempt.awaits(awaits)
  if (leftMs > 0)
    throw new SourceNotComplete(
      awaits,
      `The run looks again by itself for ${Math.ceil(leftMs / MINUTE_MS)} more minutes, then it ${extract.whenLate === 'fail' ? 'fails' : 'goes on without'}.`,
      Math.min(leftMs, Math.max(MINUTE_MS / 2, Math.min(patienceMs / 50, 10 * MINUTE_MS))),
    )
  if (extract.whenLate === 'fail')
    throw new SourceLate(
      `${schedule === undefined ? 'A run without a schedule does not wait' : `Waited ${schedule.waitForLateData}`} for ${awaited.join(' and ')}.`,
      'Retry when the source is filled, raise schedule.waitForLateData, or set extract.whenLate: continue.',
    )
  return late
}

/** @returns newest value of the column that `complete` names, as UTC without zone; null when there is none */
async function newestOf(extraction: Extraction, sourceName: string, source: Source): Promise<string | null> {
  const { column: from } = source.complete!
  const column = columnOf(from)
  const told = column === null ? undefined : await extraction.view.newest(source, sourceName, column)
  if (told === null) return null
  if (told !== undefined) {
    const fitted = fitValue({ value: 'value', type: 'VARCHAR', target: 'timestamp', timezone: source.timezone })!
    const { newest } = await extraction.row(
      `SELECT CAST(${fitted} AS VARCHAR) AS newest FROM (SELECT ${quoteText(told)} AS value)`,
    )
    if (newest !== null) return String(newest)
  }
  // Only this column is read, and no row is left at the source: those after the as-of say that it is complete.
  const alone: Source = { ...source, columns: {}, lookups: [], validity: undefined, recordedAt: from }
  const request = { source: alone, sourceName, role: 'transactions', only: [] } as const
  const { fitted } = await readSource(extraction, request, null, (rows) => extraction.attempt.progress(rows))
  const { newest } = await extraction.row(
    `SELECT CAST(max(${quoteName(RECORDED_AT)}) AS VARCHAR) AS newest FROM ${fitted}`,
  )
  return newest === null ? null : String(newest)
}

function milliseconds(duration: string): number {
  return Number(duration.slice(0, -1)) * unitMs[duration.slice(-1)]!
}
