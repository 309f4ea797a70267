import { ConfigInvalid } from '../../errors/config-invalid.ts'
import type { FeatureSpec } from './config.ts'

/** Raised whenever the stage's meaning changes. */
export const FEATURES_VERSION = 1

/** `trend` compares the last of these with the one before. */
const TREND_WINDOWS = ['90 days', '180 days'] as const

export interface FeatureInstants {
  /** ISO 8601, UTC. */
  readonly asOf: string
  /** Window (`12 months`) → ISO instant at which it begins, for every window of `windowsOf`. */
  readonly windowStarts: Readonly<Record<string, string>>
}

/** The SQL of a shard. It reads relation `clean`. */
export interface CompiledFeatures {
  /** bucket, customer_id, then one DOUBLE a feature. */
  readonly query: string
  readonly orderBy: string
  /** One row: `customers` with a purchase, `customers_without_order`. */
  readonly counts: string
}

/** Windows whose start `compileFeatures` asks for. */
export function windowsOf(specs: readonly FeatureSpec[]): readonly string[] {
  const windows = specs.flatMap((spec) => (spec.name === 'trend' ? TREND_WINDOWS : spec.window ? [spec.window] : []))
  return [...new Set(windows)]
}

const DAY_US = '86400e6'

/** One feature: what it aggregates over orders or lines, and what it makes of that in the last projection, the only place of floats. */
interface FeatureSql {
  readonly overOrders?: Readonly<Record<string, string>>
  readonly overLines?: Readonly<Record<string, string>>
  readonly value: string
}

/**
 * Compiles the features of one shard: one row for each customer with at least one order.
 *
 * - An order is the lines of one order_id of a customer that are not returns; its instant is its earliest line, and it belongs to a window
 *   by that instant. A customer with nothing but returns has no order: no row, but counted.
 * - `recency`: days since the last order; without one in the window, the window's length, the least it can be.
 * - `frequency`: orders. `monetary`: sum of all lines of the window, returns as negative amounts.
 * - `averageOrderValue`: sum of the lines of the orders ÷ orders, returns left out; null without an order in the window.
 * - `gapMean`, `gapDeviation`: days between consecutive distinct instants of orders, both in the window; the sample deviation.
 *   Null below one and two gaps.
 * - `tenure`: days since the first order. `distinctProducts`, `distinctCategories`: over the lines of the window that are not returns.
 * - `trend`: sum of all lines of the last 90 days minus that of the 90 days before, calendar days in the pipeline's zone.
 *
 * @param columns of the clean rows
 * @throws ConfigInvalid when a feature's column is not there
 */
export function compileFeatures(
  specs: readonly FeatureSpec[],
  instants: FeatureInstants,
  columns: readonly string[],
): CompiledFeatures {
  const features = specs.map((spec) => featureSql(spec, instants, columns))
  const overOrders = Object.assign({}, ...features.map((feature) => feature.overOrders)) as Record<string, string>
  const overLines = Object.assign({}, ...features.map((feature) => feature.overLines)) as Record<string, string>
  const values = specs.map((spec, index) => `cast(${features[index]!.value} as double) as "${spec.name}"`)
  return {
    query: `
      with orders as (
        select bucket, customer_id, order_id, min(epoch_us(occurred_at)) as instant_us, sum(amount) as spent
        from clean
        where not is_return
        group by bucket, customer_id, order_id
      ), ${purchases(specs)}, customers as (
        select bucket, customer_id${listed(overOrders)}
        from purchases
        group by bucket, customer_id
      )${spending(overLines)}
      select bucket, customer_id,
        ${values.join(',\n        ')}
      from customers${Object.keys(overLines).length > 0 ? ' join spending using (bucket, customer_id)' : ''}`,
    orderBy: 'bucket, customer_id',
    counts: `
      select count(*) filter (where has_order) as customers, count(*) filter (where not has_order) as customers_without_order
      from (select customer_id, bool_or(not is_return) as has_order from clean group by customer_id)`,
  }
}

/** One row for each distinct instant at which a customer ordered; with the one before, when a feature asks for gaps. */
function purchases(specs: readonly FeatureSpec[]): string {
  const instants = `
        select bucket, customer_id, instant_us, count(*) as order_count, sum(spent) as spent
        from orders
        group by bucket, customer_id, instant_us`
  if (!specs.some(({ name }) => name === 'gapMean' || name === 'gapDeviation'))
    return `purchases as (${instants}\n      )`
  return `instants as (${instants}
      ), purchases as (
        select *, lag(instant_us) over (partition by bucket, customer_id order by instant_us) as previous_us
        from instants
      )`
}

function spending(overLines: Readonly<Record<string, string>>): string {
  if (Object.keys(overLines).length === 0) return ''
  return `, spending as (
        select bucket, customer_id${listed(overLines)}
        from clean
        group by bucket, customer_id
      )`
}

function listed(aggregates: Readonly<Record<string, string>>): string {
  return Object.entries(aggregates)
    .map(([name, sql]) => `,\n          ${sql} as ${name}`)
    .join('')
}

function featureSql(spec: FeatureSpec, instants: FeatureInstants, columns: readonly string[]): FeatureSql {
  const start = spec.window === null ? undefined : startOf(instants, spec.window)
  const own = `${spec.name}_`.toLowerCase()
  const ordersInWindow = start ? ` filter (where instant_us >= ${epochUs(start)})` : ''
  const gapsInWindow = start ? ` filter (where previous_us >= ${epochUs(start)})` : ''
  const linesInWindow = start ? ` filter (where occurred_at >= ${timestamp(start)})` : ''
  const asOfUs = epochUs(instants.asOf)
  switch (spec.name) {
    case 'recency': {
      const latest = start ? `coalesce(recency_last_us, ${epochUs(start)})` : 'recency_last_us'
      return {
        overOrders: { recency_last_us: `max(instant_us)${ordersInWindow}` },
        value: `cast(${asOfUs} - ${latest} as double) / ${DAY_US}`,
      }
    }
    case 'tenure':
      return {
        overOrders: { tenure_first_us: 'min(instant_us)' },
        value: `cast(${asOfUs} - tenure_first_us as double) / ${DAY_US}`,
      }
    case 'frequency':
      return {
        overOrders: { frequency_orders: `coalesce(sum(order_count)${ordersInWindow}, 0)` },
        value: 'frequency_orders',
      }
    case 'monetary':
      return { overLines: { monetary_sum: `coalesce(sum(amount)${linesInWindow}, 0)` }, value: 'monetary_sum' }
    case 'averageOrderValue':
      return {
        overOrders: {
          [`${own}spent`]: `sum(spent)${ordersInWindow}`,
          [`${own}orders`]: `sum(order_count)${ordersInWindow}`,
        },
        value: `cast(${own}spent as double) / cast(${own}orders as double)`,
      }
    case 'gapMean':
      return {
        overOrders: { [`${own}count`]: `count(previous_us)${gapsInWindow}`, [`${own}sum`]: gapSum(gapsInWindow) },
        value: `case when ${own}count >= 1 then cast(${own}sum as double) / ${own}count / ${DAY_US} end`,
      }
    case 'gapDeviation': {
      // n Σx² − (Σx)² in whole microseconds: exact, and below 2^127 for any span of less than 300 years.
      const spread = `${own}count * ${own}squares - ${own}sum * ${own}sum`
      return {
        overOrders: {
          [`${own}count`]: `count(previous_us)${gapsInWindow}`,
          [`${own}sum`]: gapSum(gapsInWindow),
          [`${own}squares`]: `sum(cast(instant_us - previous_us as hugeint) * cast(instant_us - previous_us as hugeint))${gapsInWindow}`,
        },
        value: `case when ${own}count >= 2 then sqrt(cast(${spread} as double) / cast(${own}count * (${own}count - 1) as double)) / ${DAY_US} end`,
      }
    }
    case 'distinctProducts':
    case 'distinctCategories': {
      const column = spec.name === 'distinctProducts' ? 'product' : 'category'
      if (!columns.includes(column)) throw columnMissing(spec.name, column, columns)
      const inWindow = start ? ` and occurred_at >= ${timestamp(start)}` : ''
      return {
        overLines: { [`${own}count`]: `count(distinct ${column}) filter (where not is_return${inWindow})` },
        value: `${own}count`,
      }
    }
    case 'trend': {
      const [recent, before] = TREND_WINDOWS.map((window) => timestamp(startOf(instants, window)))
      return {
        overLines: {
          trend_recent: `coalesce(sum(amount) filter (where occurred_at >= ${recent}), 0)`,
          trend_before: `coalesce(sum(amount) filter (where occurred_at >= ${before} and occurred_at < ${recent}), 0)`,
        },
        value: 'trend_recent - trend_before',
      }
    }
  }
}

function gapSum(gapsInWindow: string): string {
  return `sum(cast(instant_us - previous_us as hugeint))${gapsInWindow}`
}

function startOf(instants: FeatureInstants, window: string): string {
  const start = instants.windowStarts[window]
  if (start === undefined) throw new Error(`No start given for the window ${window}.`)
  return start
}

/** ISO 8601 UTC as the engine's zoneless timestamp, in which all instants of artifacts are. */
function timestamp(iso: string): string {
  return `timestamp '${iso.replace('T', ' ').replace('Z', '')}'`
}

function epochUs(iso: string): string {
  return `epoch_us(${timestamp(iso)})`
}

function columnMissing(feature: string, column: string, columns: readonly string[]): ConfigInvalid {
  return new ConfigInvalid(
    `Feature ${feature} needs column ${column}, but the clean rows have ${columns.join(', ')}.`,
    `Map ${column} under columns of the source of transactions, or remove ${feature} from features.`,
  )
}
