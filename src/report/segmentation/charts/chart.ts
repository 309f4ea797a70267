import { type Bars, barsOption, barsSize, type Differences, differencesOption, differencesSize } from './bars.ts'
import { draw } from './draw.ts'
import { type Flows, flowsOption, flowsSize } from './flows.ts'
import { type Intervals, intervalsOption, intervalsSize } from './intervals.ts'
import { type Lines, linesOption, linesSize } from './lines.ts'
import { type MapChart, mapOption, mapSize } from './map.ts'
import { type Paths, pathsOption, pathsSize } from './paths.ts'

/** What is drawn, without how. */
export type Chart = Bars | Differences | Flows | Intervals | Lines | MapChart | Paths

/** A chart as SVG, for a wide or a narrow screen: text in it is as large on both. */
export function drawChart(chart: Chart, isNarrow: boolean, label: string): string {
  switch (chart.kind) {
    case 'bars':
      return draw(barsOption(chart, isNarrow), barsSize(chart, isNarrow), label)
    case 'differences':
      return draw(differencesOption(chart, isNarrow), differencesSize(chart, isNarrow), label)
    case 'flows':
      return draw(flowsOption(chart, isNarrow), flowsSize(chart, isNarrow), label)
    case 'intervals':
      return draw(intervalsOption(chart, isNarrow), intervalsSize(chart, isNarrow), label)
    case 'lines':
      return draw(linesOption(chart, isNarrow), linesSize(isNarrow), label)
    case 'map':
      return draw(mapOption(chart, isNarrow), mapSize(isNarrow), label)
    case 'paths':
      return draw(pathsOption(chart, isNarrow), pathsSize(chart, isNarrow), label)
  }
}
