import { describe, expect, it } from 'vitest'
import { NotClusterable } from '../../../src/errors/not-clusterable.ts'
import { refuseConfig, refuseToCluster } from '../../../src/stages/cluster/refuse-to-cluster.ts'
import type { ClusteringFacts } from '../../../src/stages/cluster/refuse-to-cluster.ts'

const facts: ClusteringFacts = { customers: 400, historyDays: 200, hopkins: 0.98, dip: 0.01, dipP: 0.9 }
const refuses = (config: object, changed: Partial<ClusteringFacts> = {}) => {
  try {
    refuseToCluster({ ...facts, ...changed }, refuseConfig.parse(config))
    return null
  } catch (error) {
    expect(error).toBeInstanceOf(NotClusterable)
    return (error as NotClusterable).message
  }
}

describe('refuseToCluster', () => {
  it('refuses customers that are spread evenly, and nothing else unless asked to', () => {
    expect(refuses({})).toBeNull()
    expect(refuses({}, { customers: 1, historyDays: 0 })).toBeNull()
    expect(refuses({}, { hopkins: 0.52 })).toContain('spread evenly over their features, like noise')
    expect(refuses({ hopkinsBelow: 0 }, { hopkins: 0.1 })).toBeNull()
  })

  it('refuses too few customers, too short a history and one heap where that is declared', () => {
    expect(refuses({ customersBelow: 401 })).toContain('There are 400 customers')
    expect(refuses({ customersBelow: 400 })).toBeNull()
    expect(refuses({ historyDaysBelow: 365 })).toContain('200.0 days before the as-of')
    expect(refuses({ dipAbove: 0.05 })).toContain('one peak (dip test, p 0.900)')
  })

  it('does not refuse for what was not computed', () => {
    const unknown = { historyDays: null, hopkins: null, dip: null, dipP: null }
    expect(refuses({ historyDaysBelow: 9, hopkinsBelow: 1, dipAbove: 0 }, unknown)).toBeNull()
  })
})
