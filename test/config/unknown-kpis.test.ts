import { describe, expect, it } from 'vitest'
import { inspectProject } from '../../src/config/load-project.ts'
import { problemText } from '../../src/config/problem-text.ts'
import { writeProject } from './project-files.ts'

/** The pipeline reads transactions alone. */
const warned = (more: string): readonly string[] =>
  inspectProject(writeProject({ pipeline: [['publish:', `${more}publish:`]] }))
    .warnings.map(problemText)
    .filter((text) => /objective|kpis/.test(text))
const objective = (kpi: string): string => `objective: { kpi: ${kpi}, target: 0.5, by: 2027-03-31 }\n`

describe('figures that nothing tells', () => {
  it('are no matter where what is read tells them, or nobody asks', () => {
    expect(warned('')).toEqual([])
    expect(warned(objective('retention'))).toEqual([])
  })
  it.each([
    ['nps', 'extract.survey and kpis.nps.question:'],
    ['csat', 'extract.tickets with column satisfaction, or extract.survey and kpis.csat.question:'],
    ['engagement', 'extract.events:'],
    ['contactCost', 'extract.touches:'],
  ])('are warned of as objective: %s', (kpi, wanted) => {
    const [warning, ...others] = warned(objective(kpi))
    expect(warning).toContain('objective.kpi')
    expect(warning).toContain(`came: ${kpi}, which the pipeline reads nothing of`)
    expect(warning).toContain(`wanted: ${wanted}`)
    expect(others).toEqual([])
  })
  it('are warned of where a question has nobody who answers', () => {
    expect(warned('kpis: { nps: { question: Would you recommend us? } }\n')).toEqual([
      expect.stringMatching(/kpis\.nps\.question\n {4}came: a question, and no source of role survey/),
    ])
    expect(warned(`kpis: { csat: { question: Content? } }\n${objective('csat')}`)).toEqual([
      expect.stringContaining('kpis.csat.question'),
      expect.stringContaining('wanted: extract.survey: until then'),
    ])
  })
})
