import type { ComputeSession } from '../ports/compute-engine.ts'

/** The session for several users at once: its connection runs one query at a time. */
export function oneAtATime(session: ComputeSession): ComputeSession {
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work)
    last = turn.catch(() => undefined)
    return turn
  }
  return {
    execute: (sql) => inTurn(() => session.execute(sql)),
    rows: (sql) => inTurn(() => session.rows(sql)),
    columns: (sql) => inTurn(() => session.columns(sql)),
    createTable: (name, table) => inTurn(() => session.createTable(name, table)),
    writeParquet: (...written) => inTurn(() => session.writeParquet(...written)),
    close: () => session.close(),
  }
}
