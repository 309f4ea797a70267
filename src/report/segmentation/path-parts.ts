import { formatCount, formatShare } from '../../run/figures.ts'
import type { SegmentPath } from '../../run/segment-paths.ts'
import type { Cell, Table } from '../comparison/page.ts'
import { NARROW_COLUMNS } from './charts/paths.ts'
import type { Part } from './document.ts'
import { capital } from './value-text.ts'
import type { ReportedPaths } from './withhold-paths.ts'

const right = (title: string) => ({ title, align: 'right' as const })

/** Customers' paths through the segments. @param segmentKeys in the order of their colours */
export function pathParts(paths: ReportedPaths, segmentKeys: readonly string[]): readonly Part[] {
  if (paths.steps.length === 0) return []
  const { stops, names, steps, sizes } = paths
  return [
    {
      figure: {
        title: pathTitle(paths),
        note: `A column for each publication that closed a period, the oldest on the left${stops.length > NARROW_COLUMNS ? `; a narrow screen has the newest ${NARROW_COLUMNS}` : ''}. A band is as wide as the customers who went that way to the next one, and pale where they stayed. Grey blocks are those who are gone, and those who came until the next one, new or returned. Ways that would tell of fewer than five customers are not drawn, so that a block may be higher than its bands.`,
        chart: {
          kind: 'paths',
          periods: stops.map(({ period }) => period),
          segmentKeys: [...new Set([...segmentKeys, ...Object.keys(names)])],
          names,
          steps,
          sizes,
        },
        table: stepTable(paths),
      },
    },
    ...(paths.paths.length === 0 ? [] : [{ table: pathTable(paths) }]),
  ]
}

function pathTitle(paths: ReportedPaths): string {
  const { stops, customers, throughout, stayed, mostCommon: top } = paths
  const since = `since ${stops[0]!.period}`
  const most = top && `most common path (${formatShare(top.customers / customers)} of all) is ${pathText(top, paths)}`
  if (throughout === null || stayed === null) return most ? `The ${most}` : `Where customers went ${since}`
  const stay = `${formatShare(stayed / throughout)} of the customers there all along stayed in one segment ${since}`
  return most ? `${stay}; the ${most}` : stay
}

/** `“Loyal” throughout`, `not there, from 2026-Q2 “Loyal”, from 2026-Q3 gone` */
function pathText({ segmentKeys }: SegmentPath, { names, stops }: ReportedPaths): string {
  const name = (key: string | null, at: number): string =>
    key === null ? (at === 0 ? 'not there' : 'gone') : `“${names[key] ?? key}”`
  const [first, ...changes] = segmentKeys.flatMap((key, at) =>
    at > 0 && key === segmentKeys[at - 1]
      ? []
      : [at === 0 ? name(key, at) : `from ${stops[at]!.period} ${name(key, at)}`],
  )
  return changes.length === 0 ? `${first!} throughout` : [first, ...changes].join(', ')
}

function pathTable(paths: ReportedPaths): Table {
  const { customers, others } = paths
  const row = (text: string, count: number): readonly Cell[] => [
    { text },
    { text: formatCount(count) },
    { text: formatShare(count / customers) },
  ]
  return {
    caption: `The most common paths of the ${formatCount(customers)} customers who were there at one or more of the publications`,
    columns: [{ title: 'Path' }, right('Customers'), right('Share')],
    rows: [
      ...paths.paths.map((path) => row(capital(pathText(path, paths)), path.customers)),
      ...(others === 0 ? [] : [row('Other paths', others)]),
    ],
  }
}

function stepTable({ stops, names, steps }: ReportedPaths): Table {
  const ways = new Map(
    steps.map(({ fromSegmentKey, toSegmentKey }) => [
      JSON.stringify([fromSegmentKey, toSegmentKey]),
      { fromSegmentKey, toSegmentKey },
    ]),
  )
  const name = (key: string | null, absent: string): string => (key === null ? absent : (names[key] ?? key))
  return {
    caption: 'Customers by where they were and where they were at the next publication; a dash: nobody, or not shown',
    columns: [{ title: 'Before' }, { title: 'Then' }, ...stops.slice(1).map(({ period }) => right(`to ${period}`))],
    rows: [...ways.values()].map((way) => [
      { text: name(way.fromSegmentKey, 'not there') },
      { text: name(way.toSegmentKey, 'gone') },
      ...stops.slice(1).map((_, position): Cell => {
        const step = steps.find(
          (one) =>
            one.position === position &&
            one.fromSegmentKey === way.fromSegmentKey &&
            one.toSegmentKey === way.toSegmentKey,
        )
        return { text: step ? formatCount(step.customers) : '–' }
      }),
    ]),
  }
}
