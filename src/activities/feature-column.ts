import type { ComputeSession } from '../ports/compute-engine.ts'
import { levelColumn } from '../stages/features/catalogue/entry.ts'
import type { FeatureType } from '../stages/features/catalogue/entry.ts'
import type { CategoryFigures, CompositionFigures, NumberFigures } from '../stages/features/distribution.ts'
import * as sql from '../stages/features/distribution-sql.ts'
import { histogramEdges, transformedEdges } from '../stages/features/histogram-edges.ts'
import type { FittedNumber } from '../stages/features/transform.ts'

export interface Described<Figures> {
  readonly nullShare: number
  readonly figures: Figures
}

/** The column of a feature over all shards, or those of a composition's levels. */
export class FeatureColumn {
  private readonly session: ComputeSession
  private readonly relation: string
  private readonly name: string
  private readonly columns: readonly { readonly name: string; readonly type: string }[]

  /** @param columns of the relation */
  constructor(session: ComputeSession, relation: string, name: string, columns: FeatureColumn['columns']) {
    this.session = session
    this.relation = relation
    this.name = name
    this.columns = columns
  }

  kind(): 'number' | 'category' | 'composition' {
    const own = this.columns.find(({ name }) => name === this.name)
    if (!own) return 'composition'
    return own.type === 'VARCHAR' ? 'category' : 'number'
  }

  async number(type: FeatureType, fitted: FittedNumber | undefined): Promise<Described<NumberFigures>> {
    const { customers, present, ...overview } = await this.overview(this.name)
    const nullShare = sql.shareOf(customers - present, customers)
    const { minimum, maximum } = overview
    // Of an infinite value there is neither a mean nor a bar.
    if (minimum === null || maximum === null)
      return { nullShare, figures: { kind: 'number', ...overview, mean: null, histogram: null, transformed: null } }
    const { mean, histograms } = await this.shape(this.name, { customers, present, ...overview }, [
      histogramEdges(type, fitted?.lower ?? minimum, fitted?.upper ?? maximum),
      fitted ? transformedEdges(fitted) : null,
    ])
    const [histogram = null, transformed = null] = histograms
    return { nullShare, figures: { kind: 'number', ...overview, mean, histogram, transformed } }
  }

  async category(levels: readonly string[] | null): Promise<Described<CategoryFigures>> {
    const [presence] = await this.session.rows(sql.compilePresence(this.relation, this.name))
    const counts = { customers: Number(presence!.customers), present: Number(presence!.present) }
    const rows = await this.session.rows(sql.compileLevels(this.relation, this.name))
    return {
      nullShare: sql.shareOf(counts.customers - counts.present, counts.customers),
      figures: sql.readLevels(rows, counts, levels),
    }
  }

  async composition(): Promise<Described<CompositionFigures>> {
    const prefix = levelColumn(this.name, '')
    const levels: CompositionFigures['levels'][number][] = []
    let nullShare = 0
    for (const { name } of this.columns.filter((column) => column.name.startsWith(prefix))) {
      const overview = await this.overview(name)
      nullShare = sql.shareOf(overview.customers - overview.present, overview.customers)
      const { mean } = overview.maximum === null ? { mean: 0 } : await this.shape(name, overview, [])
      levels.push({ level: name.slice(prefix.length), share: mean ?? 0 })
    }
    return { nullShare, figures: { kind: 'composition', levels } }
  }

  private async overview(column: string): Promise<sql.NumberOverview> {
    const [row] = await this.session.rows(sql.compileOverview(this.relation, column))
    return sql.readOverview(row!)
  }

  private async shape(
    column: string,
    overview: sql.NumberOverview,
    edges: readonly (readonly number[] | null)[],
  ): Promise<sql.Shape> {
    const rows = await this.session.rows(sql.compileShape(this.relation, column, overview, edges))
    return sql.readShape(rows, overview, edges)
  }
}
