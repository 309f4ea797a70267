import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const DOCS = resolve(import.meta.dirname, '../../docs')
const page = readFileSync(join(DOCS, 'operators.md'), 'utf8')
const reference = readFileSync(join(DOCS, 'reference/errors.md'), 'utf8')
const MOST_BYTES = 1_500_000

/** Commands and workflows beside a run have these; no stage throws them. */
const OF_OTHERS = [
  ...['CustomerNotFound', 'DecisionRefused', 'DeployConflict', 'DestinationRefused', 'DestinationUnavailable'],
  ...['ErasureIncomplete', 'ErasureNotFound', 'ErasureUnfinished', 'NotVerifiable', 'NoticeRefused'],
  ...[
    'NoticeUnavailable',
    'PauseRefused',
    'RetryRefused',
    'ReviewFailed',
    'RollbackRefused',
    'RunAlreadyFailed',
    'RunNotFound',
  ],
  ...['ScheduleNotDeployed', 'ServerMissing', 'ServerNotStarted', 'TagRefused', 'VerificationFailed', 'WrongUsage'],
]

describe('the page of operators', () => {
  it('says of each error that can fail a run what the code says: retry, rerun or neither', () => {
    const known = [...reference.matchAll(/^\| `(\w+)` .*\| (\w+) +\|$/gm)].map(([, type, then]) => [type!, then!])
    const told = page
      .slice(page.indexOf('## Each error'))
      .split('\n')
      .flatMap((line) => {
        const [, then] = /^\| .*?\*\*(retry|rerun|nothing)\*\*/.exec(line) ?? []
        return then
          ? [...line.matchAll(/`(\w+)`/g)].map(([, type]) => [type!, then === 'nothing' ? 'neither' : then])
          : []
      })
    expect(told.sort()).toEqual(known.filter(([type]) => !OF_OTHERS.includes(type!)).sort())
  })

  it('shows only pictures that are there, shows all of them, and they are small', () => {
    const shown = [...page.matchAll(/\]\((images\/[^)]+)\)/g)].map(([, path]) => join(DOCS, path!))
    expect(shown.filter((path) => !existsSync(path))).toEqual([])
    const kept = readdirSync(join(DOCS, 'images')).map((name) => join(DOCS, 'images', name))
    expect(kept.sort()).toEqual(shown.sort())
    expect(kept.reduce((sum, path) => sum + statSync(path).size, 0)).toBeLessThan(MOST_BYTES)
  })
})
