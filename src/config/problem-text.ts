import { ConfigInvalid } from '../errors/config-invalid.ts'
import type { ConfigProblem } from '../errors/config-invalid.ts'

/** What fits on one screen with the frame around it. */
const SHOWN_PROBLEMS = 6

/** `pipelines/shop.yaml:14:10  cluster.count`, then what came and what was wanted. */
export function problemText({ file, line, column, key, came, wanted, hint }: ConfigProblem): string {
  const place = `${file}:${line}:${column}`
  return [
    key === '' ? place : `${place}  ${key}`,
    `    came: ${came}`,
    `    wanted: ${wanted}`,
    ...(hint === null ? [] : [`    ${hint}`]),
  ].join('\n')
}

/** The error for all problems; its text shows the first screen of them. */
export function refuse(problems: readonly ConfigProblem[]): ConfigInvalid {
  const files = new Set(problems.map(({ file }) => file))
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`
  const shown = problems.slice(0, SHOWN_PROBLEMS).map(problemText)
  const more = problems.length - shown.length
  return new ConfigInvalid(
    [
      `${count} in ${[...files].join(', ')}:`,
      ...shown,
      ...(more > 0 ? [`and ${more} more: \`resegment check --json\` lists all of them.`] : []),
    ].join('\n'),
    'Mend the definition and run the command again.',
    { problems },
  )
}
