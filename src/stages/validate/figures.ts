import { groupThousands } from '../../run/figures.ts'

/** A figure as people write it: two digits behind the point below 100, none above, zeros behind the point left out. */
export function formatFigure(value: number): string {
  const text = Math.abs(value) < 100 ? value.toFixed(2).replace(/\.?0+$/, '') : value.toFixed(0)
  return groupThousands(text === '-0' ? '0' : text)
}
