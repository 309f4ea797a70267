import { parseCron } from '../plan/cron.ts'
import type { Pipeline } from '../plan/pipeline.ts'
import type { Schedule } from '../plan/schedule.ts'
import { quote } from './describe-value.ts'
import type { Finding } from './yaml-file.ts'

/** What a schedule must be beyond its form. */
export function checkSchedule({ schedule }: Pipeline): readonly Finding[] {
  if (!schedule) return []
  const wrong = [...checkCron(schedule, 'refit'), ...checkCron(schedule, 'score')]
  return wrong.length > 0 ? wrong : checkRhythms(schedule)
}

function checkCron(schedule: Schedule, kind: 'refit' | 'score'): readonly Finding[] {
  const period = schedule[kind]
  if (typeof period !== 'object') return []
  const parsed = parseCron(period.cron)
  if (!('problem' in parsed)) return []
  const path = ['schedule', kind, 'cron']
  return [{ path, came: `${quote(period.cron)}: ${parsed.problem}`, wanted: 'five fields, such as 0 6 2 1,7 *' }]
}

/** The score schedule skips the instants of refits: of these two periods every end is one. */
function checkRhythms({ refit, score }: Schedule): readonly Finding[] {
  if (score === undefined || JSON.stringify(refit) !== JSON.stringify(score)) return []
  const name = typeof score === 'string' ? score : `cron ${quote(score.cron)}`
  return [
    {
      path: ['schedule', 'score'],
      came: `${name}, beside refit: ${name}`,
      wanted: `a shorter period, or no score: a refit places everybody as well, so that it would never score`,
    },
  ]
}
