import { kpiCatalogue } from '../src/kpi/catalogue/catalogue.ts'
import { kpiAttributes, type KpiAttribute } from '../src/kpi/entry.ts'
import { termOf, terms, type TermName } from '../src/kpi/terms.ts'
import { inCell } from './key-page.ts'

/** A part a figure with its twelve attributes, below a table of all. @param generated says where the page is from */
export function kpiPage(generated: string): string {
  const row = (cells: readonly string[]): string => `| ${cells.map(inCell).join(' | ')} |`
  const attributes = Object.entries(kpiAttributes) as [KpiAttribute, string][]
  return [
    '# KPIs',
    generated,
    'What segments are judged by, in the view [`segment_kpis`](tables.md#segment_kpis). `resegment kpis` prints the same, `objective` of a pipeline says which of them lead. How they are counted, and how sure they are, is in [the guide on KPIs](../guides/kpis.md).',
    [
      '| KPI | unit | better | formula | led by it |',
      '|---|---|---|---|---|',
      ...kpiCatalogue.map(({ name, unit, better, formula, drivers }) =>
        row([`[${name}](#${name.toLowerCase()})`, unit, better, formula, drivers.join(', ')]),
      ),
    ].join('\n'),
    '## Terms',
    'What formulas are made of, of one customer in one period, and then summed over the customers of a segment.',
    [
      '| term | meaning | needs |',
      '|---|---|---|',
      ...(Object.keys(terms) as TermName[]).map((name) => {
        const { meaning, needs = [] } = termOf(name)
        const roles = needs.map(({ role, columns = [] }) => [role, ...columns].join('.'))
        return row([`\`${name}\``, meaning, roles.join(', ')])
      }),
    ].join('\n'),
    ...kpiCatalogue.flatMap((entry) => [
      `## ${entry.name}`,
      `${entry.title}.`,
      attributes.map(([key, title]) => `- **${title}**: ${entry[key]}`).join('\n'),
    ]),
  ].join('\n\n')
}
