import { join } from 'node:path'
import type { ComputeSession } from '../ports/compute-engine.ts'
import type { Publication } from '../ports/destination.ts'
import type { SuppressedHashes } from '../ports/suppression.ts'
import { selectListed } from '../sql/keyed-hash.ts'
import * as removal from '../stages/validate/remove-customers.ts'
import { CUSTOMER_ORDER } from '../stages/validate/sql.ts'
import type { Validation } from '../stages/validate/validation.ts'
import { loadSuppressed } from './load-suppressed.ts'

/**
 * A candidate without the customers who came onto the suppression list since its run read them: it may have been held for weeks. Files and
 * tables are made of what is left.
 */
export async function withoutSuppressed(
  session: ComputeSession,
  candidate: Publication,
  list: SuppressedHashes | undefined,
  scratchPath: string,
): Promise<Publication> {
  const { rowFiles, lostFiles } = candidate
  if (!list || rowFiles.length + lostFiles.length === 0) return candidate
  const validation = candidate.isErasedFrom ? await withoutErased(session, candidate) : candidate.validation
  const leftOutOf = ({ customers }: Validation): number => candidate.validation.customers - customers
  await loadSuppressed(session, list)
  await session.execute(
    `CREATE TEMP TABLE ${removal.REMOVED} AS ${selectListed(removal.selectCandidateIds(candidate))}`,
  )
  const removed = await session.rows(removal.countRemoved(candidate))
  if (removed.length === 0)
    return candidate.isErasedFrom ? { ...candidate, validation, leftOut: leftOutOf(validation) } : candidate
  const further = removal.countRemovedFurther(rowFiles, validation.outputs.also.length)
  const left = removal.removeCustomers(validation, removed, further ? await session.rows(further) : [])
  const keep = async (file: string, name: string): Promise<string> => {
    const path = join(scratchPath, name)
    await session.writeParquet(removal.selectLeft(file), CUSTOMER_ORDER, path)
    return path
  }
  const files: { rowFiles: string[]; lostFiles: string[] } = { rowFiles: [], lostFiles: [] }
  for (const [index, file] of rowFiles.entries()) files.rowFiles.push(await keep(file, `left-${index}.parquet`))
  for (const [index, file] of lostFiles.entries()) files.lostFiles.push(await keep(file, `left-lost-${index}.parquet`))
  return { ...candidate, ...files, validation: left, leftOut: leftOutOf(left) }
}

/** Who was erased while the run was held is in no file any more; their rows cannot say where they were counted. */
async function withoutErased(session: ComputeSession, candidate: Publication): Promise<Validation> {
  const { rowFiles, validation } = candidate
  const further = removal.countPresentFurther(rowFiles, validation.outputs.also.length)
  return removal.removeErased(
    validation,
    await session.rows(removal.countPresent(candidate)),
    further === undefined ? undefined : await session.rows(further),
  )
}
