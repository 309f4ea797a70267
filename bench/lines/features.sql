-- The twelve features as an analyst would write them, over clean order lines.
with orders as (
  select customer_id, order_id, min(occurred_at) as ordered_at, sum(amount) as spent
  from transactions
  where not is_return
  group by customer_id, order_id
),
gaps as (
  select *, epoch_us(ordered_at) - epoch_us(lag(ordered_at) over (partition by customer_id order by ordered_at)) as gap_us from orders
),
buying as (
  select customer_id, max(ordered_at) as last_at, min(ordered_at) as first_at, count(*) as frequency, sum(spent) as spent,
    avg(gap_us) as gap_mean, stddev_samp(gap_us) as gap_deviation
  from gaps
  group by customer_id
),
lines as (
  select customer_id, sum(amount) as monetary, count(distinct category) filter (where not is_return) as categories,
    sum(amount) filter (where not is_return) as bought,
    sum(amount) filter (where not is_return and channel = 'web') as web,
    sum(amount) filter (where not is_return and channel = 'app') as app,
    sum(amount) filter (where not is_return and channel = 'store') as store,
    sum(amount) filter (where occurred_at >= timestamp '2026-07-03') as recent,
    sum(amount) filter (where occurred_at >= timestamp '2026-04-04' and occurred_at < timestamp '2026-07-03') as before
  from transactions
  group by customer_id
)
select customer_id, epoch(timestamp '2026-10-01' - last_at) / 86400 as recency, frequency, monetary, spent / frequency as "averageOrderValue",
  categories as "distinctCategories", coalesce(web, 0) / bought as "channelShares:web", coalesce(app, 0) / bought as "channelShares:app",
  coalesce(store, 0) / bought as "channelShares:store", gap_mean / 86400e6 as "gapMean", gap_deviation / 86400e6 as "gapDeviation",
  epoch(timestamp '2026-10-01' - first_at) / 86400 as tenure, coalesce(recent, 0) - coalesce(before, 0) as trend
from buying join lines using (customer_id)
