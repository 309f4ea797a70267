import { gatePageLines, gateRow } from '../run/gate-text.ts'
import { formatRunId } from '../run/run-key.ts'
import type { RunStatus } from '../run/run-status.ts'
import { targetOption } from '../run/target-option.ts'
import { SCREEN_COLUMNS, wrapText } from './wrap-text.ts'

/** Of each gate that did not pass what it found, why it matters, whom it is about, and what one may do; with empty lines above. */
export function gatePages(
  status: Pick<RunStatus, 'checks' | 'moved' | 'runKey' | 'revision'>,
  targetName: string,
): readonly string[] {
  const run = formatRunId(status) + targetOption(targetName)
  return status.checks.flatMap((check) => {
    if (!check.page) return []
    const [gate, outcome, value] = gateRow(check, status.moved)
    const lines = gatePageLines(check.page, run).flatMap(([label, text]) =>
      wrapText(`${label}: ${text}`, SCREEN_COLUMNS - 4).map((line, i) => `${i === 0 ? '  ' : '    '}${line}`),
    )
    return ['', `${gate} ${value}, ${outcome}`, ...lines]
  })
}
