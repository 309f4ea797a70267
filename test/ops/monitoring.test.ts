import { globSync, readFileSync } from 'node:fs'
import { parser } from '@prometheus-io/lezer-promql'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'

interface Rules {
  readonly groups: readonly {
    readonly rules: readonly { alert: string; expr: string; labels: { severity: string }; annotations: object }[]
  }[]
}
interface Dashboard {
  readonly panels: readonly { title: string; description: string; targets: readonly { expr: string }[] }[]
}

const { groups } = parse(readFileSync('ops/prometheus/resegment.rules.yaml', 'utf8')) as Rules
const rules = groups.flatMap((group) => group.rules)
const { panels } = JSON.parse(readFileSync('ops/grafana/resegment.json', 'utf8')) as Dashboard
const queries = [
  ...rules.map(({ alert, expr }) => [alert, expr] as const),
  ...panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)),
]

/** Names that the source gives to metrics. */
const ours = new Set(
  globSync('src/{workers,activities}/*.ts').flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(/'(resegment_[a-z_]+)'/g)].map(([, name]) => name!),
  ),
)

/** Grafana fills these in before Prometheus sees them. */
function asPrometheusSees(query: string): string {
  return query.replaceAll('$__rate_interval', '5m').replaceAll('$pipeline', '.*')
}

function problemsOf(query: string): string[] {
  const problems: string[] = []
  parser.parse(query).iterate({
    enter: ({ type, from, to }) => {
      if (type.isError) problems.push(`${from}: ${query.slice(from, to)}`)
    },
  })
  return problems
}

describe('alerts and dashboard', () => {
  it('are watched by a parser that finds mistakes', () => {
    expect(problemsOf('sum by (pipeline (resegment_verdict)')).not.toEqual([])
  })

  it.each(queries)('%s is sound PromQL, as the parser of Prometheus itself reads it', (_, query) => {
    expect(problemsOf(asPrometheusSees(query))).toEqual([])
  })

  it.each(queries)('%s asks only for metrics that a worker has', (_, query) => {
    const asked = [...query.matchAll(/resegment_[a-z_]+/g)].map(([name]) =>
      name.replace(/_(total|sum|count|bucket)$/, ''),
    )
    expect(asked.filter((name) => !ours.has(name))).toEqual([])
  })

  it('say what is the matter and what to do', () => {
    for (const rule of rules)
      expect(Object.keys(rule.annotations).sort(), rule.alert).toEqual(['description', 'summary'])
    for (const { title, description } of panels) expect(description, title).toMatch(/\.$/)
  })
})
