import type { Ledger, PublishedState } from '../ports/ledger.ts'
import { asPublishedModel, type PublishedModel } from '../stages/validate/published-model.ts'

/** Models of the publications that retired segments were in last; those with a key of their own need none. */
export async function readPastModels(
  ledger: Pick<Ledger, 'publishedModel'>,
  { segments }: PublishedState,
): Promise<ReadonlyMap<number, PublishedModel>> {
  const retired = segments.filter(({ status, ownKey }) => status === 'retired' && ownKey === null)
  const ids = new Set(retired.map(({ lastPublicationId }) => lastPublicationId).filter((id) => id !== null))
  const models = new Map<number, PublishedModel>()
  for (const id of ids) {
    const model = asPublishedModel(await ledger.publishedModel(id))
    if (model) models.set(id, model)
  }
  return models
}
