/** [start, end) of pieces of equal size, the last one smaller. */
export function splitRows(rowCount: number, size: number): { start: number; end: number }[] {
  return Array.from({ length: Math.ceil(rowCount / size) }, (_, i) => ({
    start: i * size,
    end: Math.min((i + 1) * size, rowCount),
  }))
}

/** Runs tasks and gives their results in order; the first failure aborts the others. */
export async function runTasks<Task, Result>(
  tasks: readonly Task[],
  run: (task: Task, signal: AbortSignal) => Promise<Result>,
  signal: AbortSignal | undefined,
): Promise<Result[]> {
  const failed = new AbortController()
  const scope = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal
  try {
    return await Promise.all(tasks.map((task) => run(task, scope)))
  } catch (error) {
    failed.abort()
    throw error
  }
}

/** Runs a function of kernel-worker.ts in a thread. */
export type RunInThread = (name: string, task: unknown, signal: AbortSignal | undefined) => Promise<unknown>
