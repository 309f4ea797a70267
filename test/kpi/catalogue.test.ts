import { describe, expect, it } from 'vitest'
import { featureCatalogue } from '../../src/config/feature-catalogue.ts'
import { kpiCatalogue, leadKpis } from '../../src/kpi/catalogue/catalogue.ts'
import { kpiAttributes, type KpiAttribute } from '../../src/kpi/entry.ts'
import { terms } from '../../src/kpi/terms.ts'
import { kpiNames } from '../../src/run/segment-kpi.ts'

const attributes = Object.keys(kpiAttributes) as KpiAttribute[]
const named = (text: string): readonly string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, name]) => name!)

describe('the catalogue of KPIs', () => {
  it('has twelve attributes of each, none of them empty, none said of two', () => {
    expect(attributes).toHaveLength(12)
    expect(kpiCatalogue.map(({ name }) => name)).toEqual(kpiNames)
    const said = new Map<string, string>()
    for (const entry of kpiCatalogue)
      for (const attribute of attributes.filter((one) => one !== 'formula')) {
        const text = entry[attribute]
        expect(text.length, `${entry.name}.${attribute} says little: ${text}`).toBeGreaterThan(30)
        expect(text, `${entry.name}.${attribute} is no sentence`).toMatch(/[.)]$/)
        expect(said.get(text), `${entry.name}.${attribute} is said elsewhere too`).toBeUndefined()
        said.set(text, entry.name)
      }
  })

  it('writes in its formulas what is computed', () => {
    for (const { name, formula, measure } of kpiCatalogue) {
      expect(named(formula), name).toEqual([measure.of, measure.by])
      expect(formula, name).toBe(`${measure.times ? `${measure.times} × ` : ''}\`${measure.of}\` ÷ \`${measure.by}\``)
      if (measure.kind === 'share') expect(name, 'a share is 0 to 1').not.toBe('nps')
    }
    const used = new Set(kpiCatalogue.flatMap(({ measure }) => [measure.of, measure.by]))
    expect(Object.keys(terms).filter((name) => !used.has(name as keyof typeof terms))).toEqual([])
  })

  it('names features, commands, keys and columns that there are', () => {
    const known = new Set([...featureCatalogue().map(({ name }) => name), ...Object.keys(terms)])
    for (const entry of kpiCatalogue)
      for (const word of attributes.flatMap((attribute) => named(entry[attribute])))
        if (/^[a-z]+[A-Z][A-Za-z]+$/.test(word)) expect(known, `${entry.name}: ${word}`).toContain(word)
  })

  it('leads with the objective and what drives it', () => {
    expect(leadKpis({ kpi: 'retention' })).toEqual([
      'retention',
      'repurchase',
      'purchaseFrequency',
      'engagement',
      'csat',
    ])
    expect(leadKpis(undefined)).toContain('retention')
    for (const { name, drivers } of kpiCatalogue) expect(drivers, name).not.toContain(name)
  })
})
