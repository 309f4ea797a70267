import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { webAssembly } from '../../src/kernels/web-assembly.ts'
import { CandidateBench, planOf } from './candidate-bench.ts'
import { threeGroups } from './three-groups.ts'
import { clusterCustomers } from './methods/cluster-customers.ts'
import { validate } from './validated-candidate.ts'

let fast: CandidateBench
let plain: CandidateBench
beforeAll(async () => {
  fast = await CandidateBench.open()
  // As on a processor without SIMD: the engine refuses the module.
  const refuse = vi.spyOn(webAssembly, 'validate').mockReturnValue(false)
  const warn = vi.spyOn(process, 'emitWarning').mockReturnValue()
  plain = await CandidateBench.open()
  expect(warn).toHaveBeenCalledWith(expect.stringContaining('reference kernel'))
  refuse.mockRestore()
  warn.mockRestore()
})
afterAll(async () => {
  await fast.close()
  await plain.close()
})

describe('where WebAssembly has no SIMD', { timeout: 120_000 }, () => {
  it.each([
    ['kmeans', { count: { from: 2, to: 4 } }],
    ['mixture', { method: 'mixture', count: 3 }],
    ['hierarchy', { method: 'hierarchy', levels: [{ name: 'macro', count: 3, minimumCustomers: 5 }] }],
    ['mixed', { method: 'mixed', count: 3 }],
  ] as const)('%s runs on the reference kernel, to the same groups', async (method, cluster) => {
    const mixed = method === 'mixed' ? { features: ['recency', 'frequency', 'monetary', 'preferredChannel'] } : {}
    const plan = planOf({ cluster, ...mixed, runKey: method === 'mixed' ? 'shop@2026-08-01' : 'shop@2026-07-01' })
    const customers = threeGroups(40).map(([id, ...values], i) => [id, ...values.slice(0, 3), `c${i % 3}`] as never)
    const [there, here] = [
      await clusterCustomers(plain, plan, customers, method),
      await clusterCustomers(fast, plan, customers, method),
    ]
    // Partitions, not numbers: who is with whom.
    const groups = ({ rows }: typeof here) =>
      [...Map.groupBy(rows, (row) => row.cluster).values()]
        .map((some) => some.map((row) => row.customer_id).sort())
        .sort()
    expect(groups(there)).toEqual(groups(here))
  })

  it('keeps what it makes where nobody takes it for the work of the fast kernel', async () => {
    const plan = planOf({ cluster: { count: 3 } })
    const customers = threeGroups(40)
    const [there, here] = [
      await clusterCustomers(plain, plan, customers, 'kmeans'),
      await clusterCustomers(fast, plan, customers, 'kmeans'),
    ]
    const address = ({ ref }: typeof here) => ref.uri.split('/').at(-1)
    expect(there.model.parameters.kernel).toBe('reference')
    expect(here.model.parameters.kernel).toBe('fast')
    expect(address(there)).not.toBe(address(here))
  })

  it('goes on to a validated candidate', async () => {
    const { validation } = await validate(plain, planOf({ cluster: { count: 3 } }), threeGroups(40))
    expect(validation.segments.map(({ customers }) => customers)).toEqual([40, 40, 40])
  })
})
