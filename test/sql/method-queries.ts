import { rfmConfig } from '../../src/stages/cluster/rfm/config.ts'
import { compileScored } from '../../src/stages/cluster/rfm/fit-cuts.ts'
import { readRules } from '../../src/stages/cluster/rules/read-rules.ts'
import { compileEvidence } from '../../src/stages/cluster/rules/rule-evidence.ts'
import { compileValueCounts } from '../../src/stages/cluster/value-counts.ts'

const columns = {
  recency: { type: 'number', unit: 'days' },
  monetary: { type: 'number', unit: 'money' },
} as const

/** What methods ask of all customers. */
export function methodQueries(relation: string): Readonly<Record<string, string>> {
  const { rules } = readRules(
    {
      rules: [
        { name: 'Rich', when: 'monetary / max(recency, 1) > 10' },
        { name: 'Recent', when: 'recency between 0 and 30 or monetary is missing' },
        { name: 'Poor', when: 'not monetary > 10' },
      ],
    },
    columns,
  )
  const scored = compileScored(relation, rfmConfig.parse({ method: 'rfm' }))
  return {
    'rule evidence': compileEvidence(relation, rules, columns),
    'value counts': compileValueCounts(relation, 'monetary'),
    'counts of scored customers': compileValueCounts(scored, 'recency'),
  }
}
