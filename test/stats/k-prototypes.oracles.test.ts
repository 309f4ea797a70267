import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { fitKPrototypes } from '../../src/stats/k-prototypes.ts'
import type { KPrototypesFit, MixedRows } from '../../src/stats/k-prototypes.ts'
import { haveReferenceSets, matrixOf } from '../kernels/reference-sets.ts'
import { standardise } from '../kernels/reference-fits.ts'

/** 7,043 telephone customers: months, monthly and total charges, standardised; contract, internet service, way of paying. */
function readTelco(penalty: number): MixedRows {
  const file = new URL('../../../shared/data/telco_churn/telco_customer_churn.csv.gz', import.meta.url)
  const [head, ...lines] = gunzipSync(readFileSync(file)).toString().trim().split(/\r?\n/)
  const fields = lines.map((line) => line.split(','))
  const column = (name: string): readonly string[] => fields.map((row) => row[head!.split(',').indexOf(name)]!)
  const numbers = ['tenure', 'MonthlyCharges', 'TotalCharges'].map((name) => column(name).map(Number))
  const categories = ['Contract', 'InternetService', 'PaymentMethod'].map(column)
  const levels = categories.map((values) => [...new Set(values)].sort())
  return {
    rowCount: lines.length,
    numbers: standardise(matrixOf(lines.map((_, row) => numbers.map((values) => values[row]!)))).values,
    numberCount: 3,
    codes: Int32Array.from(lines.flatMap((_, row) => categories.map((values, j) => levels[j]!.indexOf(values[row]!)))),
    levelCounts: levels.map(({ length }) => length),
    penalties: new Float64Array(3).fill(penalty),
  }
}

function bestOf(starts: number, rows: MixedRows, clusterCount: number): KPrototypesFit {
  const fits = Array.from({ length: starts }, (_, seed) =>
    fitKPrototypes({ rows, clusterCount, seed, maxIterations: 300 }),
  )
  return fits.reduce((best, fit) => (fit.cost < best.cost ? fit : best))
}

// The Python package kmodes 0.12.2, best of 5 starts with init='Huang' and its own gamma, half of the mean deviation: 0.5.
describe.runIf(haveReferenceSets())('k-prototypes on the telephone customers', { timeout: 60_000 }, () => {
  it('reach the cost, sizes and prototypes of the package kmodes, k = 3', () => {
    const { cost, labels, prototypes } = bestOf(5, readTelco(0.5), 3)
    expect(cost).toBeCloseTo(10751.682575685256, 6)
    const sizes = [0, 1, 2].map((cluster) => labels.filter((label) => label === cluster).length)
    expect(sizes.toSorted((a, b) => a - b)).toEqual([2091, 2277, 2675])
    const loyal = sizes.indexOf(2091)
    expect(prototypes.means[loyal * 3]).toBeCloseTo(1.10895178694772, 9)
    // Two years, fibre, automatic bank transfer: levels by their names.
    expect([...prototypes.modes.slice(loyal * 3, loyal * 3 + 3)]).toEqual([2, 1, 0])
  })

  it('are no worse than the package kmodes, k = 5', () => {
    expect(bestOf(10, readTelco(0.5), 5).cost).toBeLessThan(7252.4673)
  })
})
