import type { NearestOfRun } from '../../run/nearest-customers.ts'

/** What a report with ids says where it has none. */
export function absenceText(absent: Extract<NearestOfRun, { readonly absent: unknown }>['absent']): string {
  switch (absent) {
    case 'run is not live':
      return 'No ids: distances of customers are kept only of the run that is live.'
    case 'method measures no distance':
      return 'No ids: the method of this run measures no distance of customers from the middle of their segment.'
  }
}

/** `K000012, K000123`, or why there are none of this segment. */
export function nearestText(nearest: NearestOfRun, segmentKey: string): string {
  if ('absent' in nearest) return absenceText(nearest.absent)
  const found = nearest.segments.find((one) => one.segmentKey === segmentKey)
  return found ? found.customerIds.join(', ') : 'No ids: no customer of this segment has a distance.'
}
