import type { RunIdentity } from '../../run/run-key.ts'
import type { WarehouseTransaction } from './connection.ts'

/** The row of one run, to select columns of. */
export function selectRun({ db }: Pick<WarehouseTransaction, 'db'>, { runKey, revision }: RunIdentity) {
  return db.selectFrom('run').where('run_key', '=', runKey).where('revision', '=', revision)
}
