import type { Notice } from '../../../src/run/notice.ts'

/** A notice with everything in it that a channel has to put into its own form. */
export const heldNotice: Notice = {
  kind: 'held',
  key: 'shop/shop@2026-10-01~1/held/once',
  pipeline: 'shop',
  target: 'prod',
  run: 'shop@2026-10-01~1',
  subject: '[prod] shop@2026-10-01~1 waits for a decision',
  sentences: ['membershipChurn: 40.0 %, hold: above 35 %.', 'Most go from “Lapsed & <lost>” to “Champions”: 36.'],
  steps: [
    { text: 'Publish it:', command: 'resegment approve shop@2026-10-01~1 --target prod --reason "…"' },
    { text: 'Or in the Temporal UI.' },
  ],
  links: [
    { title: 'The run in the Temporal UI', address: 'https://temporal.example/namespaces/default/workflows/a%2Fb/c' },
    { title: 'Comparison', address: 's3://bucket/page.html' },
  ],
  contact: 'growth-data, #growth-data',
  runbook: 'https://wiki.example/segments',
}
