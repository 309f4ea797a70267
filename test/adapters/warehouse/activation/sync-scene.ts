import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeSyncLedger, type OpenSyncLedger } from '../../../../src/adapters/warehouse/activation/sync-ledger.ts'
import type { EffectLine, PlannedSync, SyncRequest } from '../../../../src/ports/activation.ts'
import { members, type Members } from '../candidate.ts'
import { openFreshSchema, type FreshSchema } from '../fresh-schema.ts'

const DAYS = ['2026-07-01', '2026-10-01', '2027-01-01', '2027-04-01']

/** A schema, the ledger of its destination `crm`, and what one does with them. */
export class SyncScene {
  readonly schema: FreshSchema
  readonly ledger: OpenSyncLedger
  readonly published: { runId: string; members: Members }[] = []

  static async open(): Promise<SyncScene> {
    return new SyncScene(await openFreshSchema())
  }

  private constructor(schema: FreshSchema) {
    this.schema = schema
    const { connectionString } = schema
    this.ledger = makeSyncLedger({ connectionString, schema: schema.schema, ledgerKey: 'k1' })
  }

  /** The next run, with these members: `a shop-1, b shop-2!` (the holdout). */
  readonly publish = async (text: string): Promise<string> => {
    const run = {
      asOf: `${DAYS[this.published.length]}T00:00:00.000Z`,
      members: members(text),
      before: this.published.at(-1),
    }
    const { runId } = await this.schema.publish(run)
    this.published.push({ runId, members: run.members })
    return `shop@${DAYS[this.published.length - 1]}`
  }

  readonly rollBackTo = async (runKey: string): Promise<void> => {
    const to = { runKey, revision: 1 }
    const { from } = await this.schema.warehouse.findReturnPoint('shop', to)
    await this.schema.warehouse.rollBack('shop', { from, to, by: 'crm', reason: 'wrong' })
  }

  readonly plan = (runKey: string, request: Partial<SyncRequest> = {}, by = this.ledger): Promise<PlannedSync> =>
    by.plan({
      ...{ pipeline: 'shop', destination: 'crm', runKey, revision: 1, interest: { triggers: null, segments: null } },
      ...{ batchSize: 2, tells: 'changes', full: null, isNew: false, by: null, workflowId: 'w', temporalRunId: 't' },
      ...request,
    })

  /** `a: shop-1 > shop-2`, by customer. */
  readonly pending = async ({ syncId }: Pick<PlannedSync, 'syncId'>): Promise<string[]> =>
    (await this.lines(syncId))
      .map(
        ({ effect: { event, customerId, fromSegmentKey, toSegmentKey } }) =>
          `${customerId} ${event}: ${fromSegmentKey ?? '-'} > ${toSegmentKey ?? '-'}`,
      )
      .sort()

  readonly lines = async (syncId: number): Promise<EffectLine[]> => {
    const path = join(this.schema.scratchPath, `pending-${syncId}.jsonl`)
    await this.ledger.writePending('shop', syncId, path)
    const text = await readFile(path, 'utf8')
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as EffectLine)
  }

  readonly send = async ({ syncId }: PlannedSync): Promise<void> => {
    await this.ledger.beginBatch(syncId, null)
    await this.ledger.endBatch(syncId, null, 'sent')
    await this.ledger.finish(syncId, { state: 'sent', error: null })
  }

  readonly close = async (): Promise<void> => {
    await this.ledger.close()
    await this.schema.close()
  }
}
