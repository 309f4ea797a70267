import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { machine, measureInTurn, nodeScript, pythonScript, tableOf } from './in-turn.ts'
import type { Contender } from './in-turn.ts'

/**
 * `npm run bench -- compare [CUSTOMERS [REPETITIONS]]`: a second quarter with 16 features and eight segments, a tenth of the customers moved,
 * compared with the first; against a script that computes the same figures with pandas and scikit-learn.
 *
 * @returns false: there is no target
 */
export function benchCompare([customers = '1000000', repetitions = '3']: readonly string[]): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'resegment-bench-compare-'))
  try {
    const [program, ...args] = nodeScript('run-compare.ts', 'prepare', folder, customers, '1')
    execFileSync(program!, args, { stdio: ['ignore', 'ignore', 'inherit'] })
    // The first revision is the published one's, and no two runs share one: a stage does nothing twice.
    let revision = 1
    const ours = (work: 'figures' | 'stage', title: string): Contender => ({
      title,
      command: () => nodeScript('run-compare.ts', work, folder, customers, String((revision += 1))),
    })
    const figures = ours('figures', 'resegment, the figures')
    const contenders = [
      figures,
      { title: 'pandas, scikit-learn', command: () => pythonScript('compare_peers.py', folder) },
      ours('stage', 'resegment, all of stage validate'),
    ]
    // The files are in the page cache from the first run on.
    measureInTurn(contenders, 1)
    const measured = measureInTurn(contenders, Number(repetitions))
    console.log(`compare, ${customers} customers × 16 features, 8 segments; ${repetitions} repetitions; ${machine()}\n`)
    console.log(tableOf(measured, figures))
    return false
  } finally {
    rmSync(folder, { recursive: true })
  }
}
