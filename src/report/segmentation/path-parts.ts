import { formatCount, formatShare } from '../../run/figures.ts'
import type { SegmentPath } from '../../run/segment-paths.ts'
import type { Cell, Table } from '../comparison/page.ts'
import type { Part } from './document.ts'
import type { ReportedPaths } from './withhold-paths.ts'

const right = (title: string) => ({ title, align: 'right' as const })

/** Customers' paths through the segments. @param segmentKeys in the order of their colours */
export function pathParts(paths: ReportedPaths, segmentKeys: readonly string[]): readonly Part[] {
  if (paths.steps.length === 0) return []
  const { stops, names, steps } = paths
  return [
    {
      figure: {
        title: pathTitle(paths),
        note: `A column for each publication that closed a period, ${stops[0]!.period} on the left; a band is as wide as the customers who went that way to the next one, and pale where they stayed. Grey are those who came and those who are gone. Ways that would tell of fewer than five customers are not drawn.`,
        chart: {
          kind: 'paths',
          periods: stops.map(({ period }) => period),
          segmentKeys: [...new Set([...segmentKeys, ...Object.keys(names)])],
          names,
          steps,
        },
        table: stepTable(paths),
      },
    },
    ...(paths.paths.length === 0 ? [] : [{ table: pathTable(paths) }]),
  ]
}

function pathTitle(paths: ReportedPaths): string {
  const { stops, customers, throughout, stayed, mostCommon: top } = paths
  const most = top
    ? `the most common path is ${pathText(top, paths)}, ${formatShare(top.customers / customers)} of all customers`
    : null
  if (throughout === null || stayed === null)
    return most === null ? `Where customers were since ${stops[0]!.period}` : `Since ${stops[0]!.period} ${most}`
  return [
    `${formatShare(stayed / throughout)} of the customers there all along stayed in one segment since ${stops[0]!.period}`,
    ...(most === null ? [] : [most]),
  ].join('; ')
}

/** `“Loyal” throughout`, `“Loyal”, then “Lapsed”, then gone` */
function pathText(path: SegmentPath, { names }: ReportedPaths): string {
  const stations = path.segmentKeys.map((key, at) => (key === null ? absence(path, at) : `“${names[key] ?? key}”`))
  const changes = stations.filter((one, at) => one !== stations[at - 1])
  return changes.length === 1 ? `${changes[0]!} throughout` : changes.join(', then ')
}

function absence({ segmentKeys }: SegmentPath, at: number): string {
  return segmentKeys.slice(0, at).every((key) => key === null) ? 'not there yet' : 'gone'
}

function pathTable(paths: ReportedPaths): Table {
  const { stops, names, customers, others } = paths
  const figures = (count: number): readonly Cell[] => [
    { text: formatCount(count) },
    { text: formatShare(count / customers) },
  ]
  return {
    caption: `The most common paths of ${formatCount(customers)} customers who were there at one or more of the publications`,
    columns: [...stops.map(({ period }) => ({ title: period })), right('Customers'), right('Share')],
    rows: [
      ...paths.paths.map((path) => [
        ...path.segmentKeys.map((key, at): Cell => ({ text: key === null ? absence(path, at) : (names[key] ?? key) })),
        ...figures(path.customers),
      ]),
      ...(others === 0
        ? []
        : [[{ text: 'Other paths' }, ...stops.slice(1).map(() => ({ text: '' })), ...figures(others)]]),
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
