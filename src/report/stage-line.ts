import { formatCount, formatSeconds } from '../run/figures.ts'
import type { StageCounts } from '../run/run-status.ts'
import type { StageName } from '../run/stage.ts'
import { stageNames } from '../run/stage.ts'
import { countOf } from './figures.ts'

const STAGE_WIDTH = Math.max(...stageNames.map((stage) => stage.length))

/** What a stage's rows are. */
const rowWords: Readonly<Record<StageName, string>> = {
  extract: 'row',
  cleanse: 'row',
  features: 'customer',
  cluster: 'customer',
  validate: 'customer',
  publish: 'customer',
}

/** `extract   541,909 rows in 2.1 s` */
export function stageLine({ stage, rowsOut, rejected, seconds }: StageCounts): string {
  const rejects = rejected > 0 ? `, ${formatCount(rejected)} rejected` : ''
  const time = seconds > 0 ? ` in ${formatSeconds(seconds)}` : ', finished earlier'
  return `${stage.padEnd(STAGE_WIDTH)}  ${countOf(rowsOut, rowWords[stage])}${time}${rejects}`
}
