import { expect, it } from 'vitest'
import { sampleText } from '../../src/run/sample.ts'

it('a sample says of how many it is, and how far the churn of all customers may be from its own', () => {
  const sample = { wanted: 5_000, ofCustomers: 100_000, share: 0.05, customers: null, churn: null }
  expect(sampleText(sample)).toBe('A sample: about 5,000 of 100,000 customers (5.0 %), the same ones each time.')
  // The wider side: 12 % to 14.5 % around 13 % is ± 1.5 %.
  const churn = { share: 0.13, lower: 0.12, upper: 0.145 }
  expect(sampleText({ ...sample, customers: 4_987, churn })).toContain('13.0 % ± 1.5 % would move (95 %')
  expect(sampleText({ ...sample, ofCustomers: 900, share: 1 })).toBe(
    'A sample of 5,000 customers was asked for, and there are 900: these are all.',
  )
})
