import type { Generated } from 'kysely'

export interface RollbackTable {
  id: number
  pipeline: string
  from_publication_id: number
  to_publication_id: number
  fencing_token: number
  actor: string
  reason: string
  rolled_back_at: string
}

export interface SnapshotTable {
  id: Generated<number>
  pipeline: string
  name: string
  publication_id: number
  customers: number
  actor: string
  tagged_at: Generated<string>
}
