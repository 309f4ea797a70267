import { describe, expect, it } from 'vitest'
import { roles } from '../../../src/run/data-roles.ts'
import { entries } from '../../../src/stages/features/catalogue.ts'
import { ownSettings } from '../../../src/stages/features/catalogue/own-settings.ts'
import { INSTANCE_NAME } from '../../../src/stages/features/config.ts'

describe('the catalogue of features', () => {
  it('has every name once, whatever its case', () => {
    const names = entries.map(({ name }) => name.toLowerCase())
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
  })

  it.each(entries.map((entry) => [entry.name, entry] as const))(
    'says of %s what people need to know',
    (name, entry) => {
      expect(name).toMatch(INSTANCE_NAME)
      expect(entry.meaning).toMatch(/^[^ ].*[^.]\.$/s)
      expect(entry.nullRule).toMatch(/\.$/)
      expect(entry.needs.length).toBeGreaterThan(0)
      for (const { role, columns } of entry.needs)
        for (const column of columns) expect(Object.keys(roles[role].columns), `${role}.${column}`).toContain(column)
      const transforms = { category: ['oneHot'], composition: ['centredLogRatio', 'none'] }[entry.type as string]
      expect(transforms ?? ['none', 'log1p', 'yeoJohnson']).toContain(entry.transform)
    },
  )

  it('takes every setting of its own from the one list', () => {
    const known: Readonly<Record<string, unknown>> = ownSettings
    for (const { name, settings = {} } of entries)
      for (const [key, schema] of Object.entries(settings)) expect(known[key], `${name}.${key}`).toBe(schema)
    const used = new Set(entries.flatMap(({ settings = {} }) => Object.keys(settings)))
    expect(Object.keys(ownSettings).filter((key) => !used.has(key))).toEqual([])
  })
})
