import { ConfigInvalid } from '../../errors/config-invalid.ts'
import { placeByRules } from '../../stages/cluster/rules/place-by-rules.ts'
import { readRules } from '../../stages/cluster/rules/read-rules.ts'
import {
  compileEvidence,
  compileRuleColumns,
  readEvidence,
  ruleColumn,
} from '../../stages/cluster/rules/rule-evidence.ts'
import { ruleClusters, rulesParameters } from '../../stages/cluster/rules/rules-model.ts'
import type { ClusterMethod } from './method.ts'
import { readableColumns } from './readable-columns.ts'

/** Named conditions over features. */
export const rules: ClusterMethod<'rules'> = {
  async fit({ config, plan, session, relation, customerCount, features }) {
    const columns = readableColumns(plan)
    const read = readRules(config, columns)
    const [problem] = read.problems
    if (problem)
      throw new ConfigInvalid(
        `cluster.${problem.path.join('.')} has ${problem.came}; wanted: ${problem.wanted}.`,
        problem.hint ?? 'Mend the rule; `resegment check` says what fits.',
      )
    const [counts] = await session.rows(compileEvidence(relation, read.rules, columns))
    const parameters = rulesParameters(config, read.rules, columns, readEvidence(read.rules, counts!))
    const clusters = ruleClusters(read.rules, parameters)
    return {
      formatVersion: 2,
      method: 'rules',
      features,
      clusterCount: clusters.length,
      clusters,
      layers: ['cluster'],
      scores: [],
      also: config.overlapping ? read.rules.slice(1).map(() => ({ layer: 'cluster' })) : [],
      reasons: read.rules.map(({ name }) => name),
      fittedCustomers: customerCount,
      candidates: [],
      parameters,
    }
  },

  columns: ({ parameters }) => compileRuleColumns(readRules(parameters, parameters.columns).rules, parameters.columns),

  place({ columns, rowCount }, { parameters, also }) {
    const truths = parameters.rules.map((_, index) => columns[ruleColumn(index)] as Int32Array)
    return Promise.resolve({ ...placeByRules(truths, rowCount, also.length), unseenLevels: {} })
  },
}
