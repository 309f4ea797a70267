import type { FitTeam } from './fit-team.ts'

/** The sum of squared distances of rows to the centres of their labels; leaves each row's in `nearest`. All in the packed space. */
export function measure(team: FitTeam, centres: Float64Array): number {
  new Float64Array(team.buffer, team.layout.centres, centres.length).set(centres)
  team.run('measure')
  return team.addTotals()
}
