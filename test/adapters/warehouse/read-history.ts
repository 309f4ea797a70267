import type { FreshSchema } from './fresh-schema.ts'

/** Instants of publishing by what happened then. */
export const SWITCHES = `switches as (
  select run_key || '~' || revision as name, published_at as shown_at from publication
  union all
  select run_key || '~' || revision || '^' || row_number() over (order by rolled_back_at), rolled_back_at
  from rollback join publication p on p.id = to_publication_id
  union all
  select run_key || '~' || revision || '-' || row_number() over (order by withdrawn_at), withdrawn_at
  from withdrawal w join publication p on p.id = w.publication_id)`

interface Stretch {
  readonly customer_id: string
  readonly segment_key: string
  readonly is_holdout: boolean
  readonly from: string
  readonly to: string | null
}

export async function periodsOf(target: FreshSchema): Promise<string[]> {
  const rows = await target.query<Omit<Stretch, 'from' | 'to'> & { valid_from: Date; valid_to: Date | null }>(
    'select * from customer_segment_history',
  )
  return rows
    .map((row) => toText({ ...row, from: row.valid_from.toISOString(), to: row.valid_to?.toISOString() ?? null }))
    .sort()
}

export async function spansOf(target: FreshSchema): Promise<string[]> {
  const rows = await target.query<Stretch>(`
    with ${SWITCHES}
    select m.customer_id, m.segment_key, m.is_holdout, b.name as "from", e.name as "to"
    from published_memberships m
    join switches b on b.shown_at = m.published_from
    left join switches e on e.shown_at = m.published_to`)
  return rows.map(toText).sort()
}

function toText({ customer_id, segment_key, is_holdout, from, to }: Stretch): string {
  return `${customer_id} ${segment_key}${is_holdout ? '!' : ''} [${from}, ${to})`
}

/** Periods with those of a customer joined that follow one another and say the same. */
export function joined(periods: readonly string[]): string[] {
  const found: { who: string; from: string; to: string }[] = []
  for (const text of [...periods].sort(byBegin)) {
    const [, who, from, to] = /^(.+) \[(.+), (.+)\)$/.exec(text)!
    const last = found.at(-1)
    if (last?.who === who && last!.to === from) last!.to = to!
    else found.push({ who: who!, from: from!, to: to! })
  }
  return found.map(({ who, from, to }) => `${who} [${from}, ${to})`).sort()
}

function byBegin(a: string, b: string): number {
  const keyOf = (text: string): string => text.slice(0, 2) + text.slice(text.indexOf('['))
  return keyOf(a) < keyOf(b) ? -1 : 1
}

/** Periods with who began them, and with which years' runs consumers could see them begin and end. */
export async function mostOf(target: FreshSchema): Promise<string[]> {
  const rows = await target.query<{ text: string }>(`
    select h.customer_id || ' ' || h.segment_key || ' [' || extract(year from valid_from at time zone 'UTC') || ', '
      || coalesce(extract(year from valid_to at time zone 'UTC')::text, '') || ') ' || h.run_key || ' seen '
      || extract(year from b.as_of at time zone 'UTC') || ' to '
      || coalesce(extract(year from e.as_of at time zone 'UTC')::text, 'now') as text
    from customer_segment_history h
    join publication b on b.published_at = h.published_from
    left join publication e on e.published_at = h.published_to`)
  return rows.map(({ text }) => text).sort()
}
