import { kpiEntry } from '../kpi/catalogue/catalogue.ts'
import { kpiSettingsOf } from '../kpi/config.ts'
import { termOf } from '../kpi/terms.ts'
import type { Pipeline } from '../plan/pipeline.ts'
import type { Finding } from './yaml-file.ts'

/** Figures that a pipeline asks for and that nothing it reads can tell: no fault, but they stay unknown in every run. */
export function findUnknownKpis(pipeline: Pipeline): readonly Finding[] {
  return [...unreadQuestions(pipeline), ...unknownObjective(pipeline)]
}

function unreadQuestions({ extract, kpis }: Pipeline): readonly Finding[] {
  if (!kpis || extract.survey !== undefined) return []
  return (['csat', 'nps'] as const).flatMap((name) =>
    kpis[name].question === undefined
      ? []
      : [
          {
            path: ['kpis', name, 'question'],
            came: 'a question, and no source of role survey',
            wanted: 'extract.survey: nobody’s answer is read, and the figure stays unknown',
          },
        ],
  )
}

function unknownObjective(pipeline: Pipeline): readonly Finding[] {
  const { objective } = pipeline
  if (!objective) return []
  const missing = missingOf(pipeline, objective.kpi)
  if (missing === null) return []
  return [
    {
      path: ['objective', 'kpi'],
      came: `${objective.kpi}, which the pipeline reads nothing of`,
      wanted: `${missing}: until then it is not known whether the objective is met`,
    },
  ]
}

/** @returns what would make the figure known; null: nothing is missing that the file alone shows */
function missingOf(pipeline: Pipeline, name: NonNullable<Pipeline['objective']>['kpi']): string | null {
  const { extract } = pipeline
  const { csat, nps } = kpiSettingsOf(pipeline)
  if (name === 'nps' && nps.question === undefined) return 'extract.survey and kpis.nps.question'
  if (name === 'csat' && csat.question === undefined && extract.tickets === undefined)
    return 'extract.tickets with column satisfaction, or extract.survey and kpis.csat.question'
  const { measure } = kpiEntry(name)
  const roles = [measure.of, measure.by].flatMap((term) => (termOf(term).needs ?? []).map(({ role }) => role))
  const asked = name === 'csat' && csat.question !== undefined ? [...roles, 'survey' as const] : roles
  const unread = [...new Set(asked)].filter((role) => extract[role] === undefined)
  return unread.length === 0 ? null : unread.map((role) => `extract.${role}`).join(' and ')
}
