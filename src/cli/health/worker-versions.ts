import type { HealthCheck } from '../../report/health-report.ts'
import {
  formatWorkerVersion,
  isSameVersion,
  type QueueRouting,
  queuesWithout,
  setCurrentCommand,
  versionsOf,
  workerCommand,
  type WorkerVersion,
} from '../../run/worker-version.ts'
import { ok, problem, warning } from './look.ts'

const NAME = 'worker versions'

/**
 * Whether new runs come to workers, where some have a version; nothing where none has.
 *
 * @param queues of one target, that of workflow tasks first
 */
export function versionChecks(queues: readonly QueueRouting[], targetName: string): readonly HealthCheck[] {
  const [first] = queues
  const polling = versionsOf({ pollers: queues.flatMap(({ pollers }) => pollers) })
  if (!first || (polling.length === 0 && first.current === null)) return []
  if (first.current === null) return [noneCurrent(first, polling)]
  const routed = [first.current, ...(first.ramping ? [first.ramping] : [])]
  const unserved = routed.flatMap((version) => unservedCheck(version, queues, polling, targetName))
  return unserved.length > 0 ? unserved : [ok(NAME, servedText(first, polling))]
}

function noneCurrent({ pollers }: QueueRouting, polling: readonly WorkerVersion[]): HealthCheck {
  const names = polling.map(formatWorkerVersion).join(', ')
  const remedy = `Make one current: ${setCurrentCommand(polling[0]!)}`
  return pollers.includes(null)
    ? warning(NAME, `${names}: not current, so that runs go to workers without a version`, remedy)
    : problem(NAME, `${names}: not current, so that new runs wait`, remedy)
}

function unservedCheck(
  version: WorkerVersion,
  queues: readonly QueueRouting[],
  polling: readonly WorkerVersion[],
  targetName: string,
): readonly HealthCheck[] {
  const unserved = queuesWithout(version, queues)
  if (unserved.length === 0) return []
  const start = `Start one: ${workerCommand(version, targetName)}`
  const other = polling.find((one) => !isSameVersion(one, version))
  return [
    problem(
      NAME,
      `new runs go to ${formatWorkerVersion(version)}, and no worker of it polls ${unserved.join(', ')}`,
      other ? `${start}; or make the one current that polls: ${setCurrentCommand(other)}` : start,
    ),
  ]
}

function servedText({ current, ramping }: QueueRouting, polling: readonly WorkerVersion[]): string {
  const share = ramping ? `, ${ramping.percentage} % of new runs go to ${formatWorkerVersion(ramping)}` : ''
  const others = polling.filter((one) => !isSameVersion(one, current) && !isSameVersion(one, ramping))
  const beside =
    others.length > 0 ? `; ${others.map(formatWorkerVersion).join(', ')} polls for runs that are pinned to it` : ''
  return `${formatWorkerVersion(current!)} is current${share}${beside}`
}
