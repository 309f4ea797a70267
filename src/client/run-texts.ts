import type { Definition } from '../plan/definition.ts'

const MAX_SUMMARY_BYTES = 200

/** What the Temporal UI shows of a run before it says anything itself. */
export function describeRun(
  { pipeline, contact, runbook, targetName }: Definition,
  summary: string,
): { staticSummary: string; staticDetails: string } {
  const whom = [pipeline.owner, contact].filter(Boolean).join(', ')
  const lines = [
    pipeline.description,
    // One paragraph: the UI shows two, and cuts the third in half.
    [`Target: ${targetName}.`, whom && `Call ${whom}.`, runbook && `Runbook: ${runbook}`].filter(Boolean).join(' '),
  ]
  return { staticSummary: cut(summary), staticDetails: lines.filter(Boolean).join('\n\n') }
}

function cut(text: string): string {
  return Buffer.from(text)
    .subarray(0, MAX_SUMMARY_BYTES)
    .toString('utf8')
    .replace(/\uFFFD+$/, '')
}
