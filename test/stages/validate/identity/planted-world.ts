import { uniformDraws } from '../../../../src/stats/uniform-draws.ts'

export const plantedChanges = ['nothing', 'split', 'merge', 'birth', 'death', 'turnover', 'return'] as const
export type PlantedChange = (typeof plantedChanges)[number]

export interface PlantedSettings {
  readonly change: PlantedChange
  /** Distance of the nearest two groups' centres, in standard deviations of a group: customers are on the wrong side with Φ(−separation ÷ 2). */
  readonly separation: number
  /** Share of the customers present in both quarters who change to another group, whatever else happens. */
  readonly noise: number
  readonly seed: number
}

export const DIMENSIONS = 4
export const GROUPS = 5
const [SMALLEST, LARGEST] = [200, 600]
/** Customers who leave and who come, each quarter. */
const CHURN = 0.1
/** How far each group drifts, in its standard deviations. */
const DRIFT = 0.3

export interface Quarter {
  /** Customer → group. */
  readonly groups: ReadonlyMap<number, number>
  /** Group → centre. */
  readonly centres: ReadonlyMap<number, readonly number[]>
}

/** Customers of round groups, and what happens to them from quarter to quarter; the same for the same seed. */
export class World {
  private readonly draw: () => number
  private readonly settings: PlantedSettings
  private newest = 0

  constructor(settings: PlantedSettings) {
    this.settings = settings
    this.draw = uniformDraws(settings.seed)
  }

  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.draw())) * Math.cos(2 * Math.PI * this.draw())
  }

  begin(): Quarter {
    const raw = Array.from({ length: GROUPS + 2 }, () => Array.from({ length: DIMENSIONS }, () => this.normal()))
    const nearest = Math.min(...raw.flatMap((a, i) => raw.slice(0, i).map((b) => distance(a, b))))
    const scale = this.settings.separation / nearest
    // The last two are where groups may be born.
    const centres = new Map(raw.map((centre, group) => [group, centre.map((value) => value * scale)]))
    const groups = new Map<number, number>()
    for (let group = 0; group < GROUPS; group++) this.fill(groups, group, SMALLEST + this.draw() * (LARGEST - SMALLEST))
    return { groups, centres }
  }

  /** The planted change, on top of drift, churn and noise. */
  next(quarter: Quarter): Quarter {
    const { change } = this.settings
    const moved = this.drift(quarter)
    if (change === 'death') return this.without(quarter, 0)
    const groups = this.churn(quarter.groups, GROUPS)
    const centres = new Map(moved.centres)
    const size = sizeOf(groups, 0)
    if (change === 'split')
      for (const [customer, group] of groups) if (group === 0 && this.draw() < 0.45) groups.set(customer, GROUPS)
    if (change === 'merge') for (const [customer, group] of groups) if (group === 1) groups.set(customer, 0)
    if (change === 'birth') {
      // Half of them were customers before, of any group.
      for (const customer of groups.keys()) if (this.draw() < 0.08) groups.set(customer, GROUPS)
      this.fill(groups, GROUPS, sizeOf(groups, GROUPS))
    }
    if (change === 'turnover') {
      for (const [customer, group] of [...groups]) if (group === 0) groups.delete(customer)
      this.fill(groups, 0, size)
    }
    return { groups, centres }
  }

  /** Half of the group leaves, the others go to the other groups. */
  without(quarter: Quarter, dead: number): Quarter {
    const groups = this.churn(quarter.groups, GROUPS)
    for (const [customer, group] of [...groups]) {
      if (group !== dead) continue
      if (this.draw() < 0.5) groups.delete(customer)
      else groups.set(customer, this.other(dead, GROUPS))
    }
    return { ...this.drift(quarter), groups }
  }

  /** Group 0 is back where it was: half of those who were in it and are still there, and as many new ones. */
  withBack(quarter: Quarter, first: Quarter): Quarter {
    const groups = this.churn(quarter.groups, GROUPS, 0)
    for (const [customer, group] of first.groups)
      if (group === 0 && groups.has(customer) && this.draw() < 0.5) groups.set(customer, 0)
    this.fill(groups, 0, Math.max(SMALLEST, sizeOf(groups, 0)))
    return { ...this.drift(quarter), groups }
  }

  private drift({ groups, centres }: Quarter): Quarter {
    const step = DRIFT / Math.sqrt(DIMENSIONS)
    const drifted = [...centres].map(([group, centre]) => [group, centre.map((v) => v + step * this.normal())] as const)
    return { groups, centres: new Map(drifted) }
  }

  /** Who leaves, who comes, and who changes for no reason. */
  private churn(before: ReadonlyMap<number, number>, count: number, except = -1): Map<number, number> {
    const groups = new Map<number, number>()
    for (const [customer, group] of before) {
      if (this.draw() < CHURN) continue
      groups.set(customer, this.draw() < this.settings.noise ? this.other(group, count, except) : group)
    }
    for (let group = 0; group < count; group++)
      if (group !== except) this.fill(groups, group, CHURN * sizeOf(before, group))
    return groups
  }

  private other(group: number, count: number, except = -1): number {
    const others = Array.from({ length: count }, (_, i) => i).filter((one) => one !== group && one !== except)
    return others[Math.floor(this.draw() * others.length)]!
  }

  private fill(groups: Map<number, number>, group: number, count: number): void {
    for (let i = 0; i < Math.round(count); i++) groups.set(this.newest++, group)
  }
}

function sizeOf(groups: ReadonlyMap<number, number>, group: number): number {
  return [...groups.values()].filter((one) => one === group).length
}

function distance(a: readonly number[], b: readonly number[]): number {
  return Math.hypot(...a.map((value, i) => value - b[i]!))
}
