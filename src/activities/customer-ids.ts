import { CustomerIdsChanged } from '../errors/customer-ids-changed.ts'
import type { RunPlan } from '../plan/run-plan.ts'
import type { ComputeSession } from '../ports/compute-engine.ts'
import type { PublishedState } from '../ports/ledger.ts'
import type { Pseudonyms } from '../ports/pseudonyms.ts'
import { asPublishedModel } from '../stages/validate/published-model.ts'
import { COMPILE_PSEUDONYM_PADS } from '../stages/extract/pseudonym-sql.ts'

/** What the definition says of single customers, under the ids that they have behind stage extract. */
export function underPseudonyms(plan: RunPlan, pseudonyms: Pseudonyms | undefined): RunPlan {
  if (!pseudonyms) return plan
  const { pipeline } = plan.definition
  const { overrides, cleanse } = pipeline
  const named = {
    ...(overrides && { overrides: overrides.map((one) => ({ ...one, customer: pseudonyms.of(one.customer) })) }),
    cleanse: cleanse.map((rule) =>
      rule.rule === 'testCustomers' && rule.ids ? { ...rule, ids: rule.ids.map((id) => pseudonyms.of(id)) } : rule,
    ),
  }
  return {
    ...plan,
    pseudonymKey: pseudonyms.fingerprint,
    definition: { ...plan.definition, pipeline: { ...pipeline, ...named } },
  }
}

/** @throws CustomerIdsChanged when what is live has other ids, and nobody said that this is meant */
export function refuseOtherIds({ pseudonymKey, options, pipeline }: RunPlan, { live }: PublishedState): void {
  const model = asPublishedModel(live?.model ?? null)
  if (!live || options.newIds || model?.pseudonymKey === pseudonymKey) return
  const describe = (key: string | undefined): string =>
    key === undefined ? 'ids as they are in the sources' : `pseudonyms by key ${key}`
  throw new CustomerIdsChanged(
    `What is live of ${pipeline} has ${describe(model?.pseudonymKey)}, and this run would publish ${describe(pseudonymKey)}: every customer would be lost, and another one new.`,
    `Set publish.customerIds and RESEGMENT_PSEUDONYM_KEY to what they were, or run with --new-ids ("newIds": true) if it is meant.`,
  )
}

/** Gives a session what it takes to compute pseudonyms; the key stands in no statement, which errors would quote. */
export async function loadPseudonymPads(session: ComputeSession, { pads }: Pseudonyms): Promise<void> {
  const columns = { inner_pad: [pads.inner.toString('hex')], outer_pad: [pads.outer.toString('hex')] }
  await session.createTable('given_pseudonym_pad', { rowCount: 1, columns })
  await session.execute(COMPILE_PSEUDONYM_PADS)
  await session.execute('DROP TABLE given_pseudonym_pad')
}
