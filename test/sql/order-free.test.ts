import { DuckDBInstance } from '@duckdb/node-api'
import type { DuckDBConnection } from '@duckdb/node-api'
import { beforeAll, describe, expect, it } from 'vitest'
import { orderDependence } from './order-free.ts'

let connection: DuckDBConnection
const keys = { customers: [['customer_id']] }

beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:')).connect()
  await connection.run(
    'create table lines(customer_id varchar, occurred_at timestamp, amount decimal(18, 4), score double, ratio float, n bigint)',
  )
  await connection.run('create table customers(customer_id varchar, score double)')
})

describe('the gate over compiled SQL', () => {
  it.each([
    ['sum of a DOUBLE', 'select sum(score) from lines'],
    ['sum of a FLOAT', 'select sum(ratio) from lines'],
    ['sum of a DECIMAL cast to DOUBLE', 'select sum(amount::double) from lines'],
    ['avg of a DOUBLE', 'select avg(score) from lines'],
    ['fsum', 'select fsum(score) from lines'],
    ['kahan_sum', 'select kahan_sum(score) from lines'],
    ['stddev, which turns its DECIMAL into a DOUBLE', 'select stddev(amount) from lines'],
    ['variance of integers', 'select var_pop(n) from lines'],
    ['corr', 'select corr(amount, n) from lines'],
    ['regr_slope', 'select regr_slope(amount, n) from lines'],
    ['median of a DOUBLE', 'select median(score) from lines'],
    ['mode', 'select mode(customer_id) from lines'],
    ['approx_count_distinct', 'select approx_count_distinct(customer_id) from lines'],
    ['approx_quantile', 'select approx_quantile(n, 0.5) from lines'],
    ['arg_max', 'select arg_max(customer_id, amount) from lines'],
    ['arg_min', 'select arg_min(customer_id, amount) from lines'],
    ['first', 'select first(amount) from lines'],
    ['last', 'select last(amount) from lines'],
    ['any_value', 'select any_value(amount) from lines'],
    ['list', 'select list(amount) from lines'],
    ['string_agg', "select string_agg(customer_id, ',') from lines"],
    ['a float sum as a window', 'select sum(score) over (partition by customer_id) from lines'],
    ['a float sum inside a CTE', 'with a as (select sum(score) as s from lines) select s from a'],
    ['a float sum in a subquery', 'select n from lines where amount > (select sum(score) from lines)'],
    [
      'row_number that ties',
      'select row_number() over (partition by customer_id order by occurred_at), amount from lines',
    ],
    ['row_number without an order', 'select row_number() over (), amount from lines'],
    [
      'row_number over a key that a join repeats',
      `select row_number() over (order by c.customer_id), l.n from customers c join lines l on l.customer_id = c.customer_id`,
    ],
    ['lag that ties', 'select lag(amount) over (partition by customer_id order by occurred_at) from lines'],
    ['lead that ties', 'select lead(amount) over (partition by customer_id order by occurred_at) from lines'],
    [
      'first_value that ties',
      'select first_value(amount) over (partition by customer_id order by occurred_at) from lines',
    ],
    [
      'a running sum over ties',
      'select sum(amount) over (order by occurred_at rows unbounded preceding), n from lines',
    ],
    ['limit without an order', 'select customer_id from lines limit 3'],
    ['limit over ties', 'select customer_id, amount from lines order by amount limit 3'],
    ['distinct on', 'select distinct on (customer_id) customer_id, amount from lines'],
    ['a sample', 'select customer_id from lines using sample 10%'],
    ['random', 'select customer_id from lines where random() > 0.5'],
    ['the clock', 'select now() from lines'],
  ])('refuses %s', async (_, sql) => {
    expect(await orderDependence(connection, sql, keys)).not.toEqual([])
  })

  it.each([
    ['sum of a DECIMAL', 'select sum(amount) from lines'],
    ['sum of squares in HUGEINT', 'select sum(n::hugeint * n::hugeint) from lines'],
    ['avg of a DECIMAL', 'select avg(amount) from lines'],
    ['quantile_cont of a DOUBLE', 'select quantile_cont(score, 0.5) from lines'],
    ['min, max and count of a DOUBLE', 'select min(score), max(score), count(distinct score) from lines'],
    ['float arithmetic after the aggregate', 'select sqrt(cast(sum(amount) as double)) / count(*) from lines'],
    [
      'lag over the groups of a group-by',
      `with a as (select customer_id, occurred_at, sum(amount) as s from lines group by all)
       select lag(s) over (partition by customer_id order by occurred_at) from a`,
    ],
    [
      'row_number over every column: rows that tie are equal',
      'select row_number() over (partition by customer_id order by amount) from lines',
    ],
    [
      'row_number over a unique key',
      'select score, row_number() over (order by md5(customer_id), customer_id) from customers',
    ],
    ['limit over a unique key', 'select customer_id, score from customers order by score, customer_id limit 3'],
    ['a subquery that gives one value', 'select n from lines where amount > (select sum(amount) from lines)'],
    [
      'row_number over a key that a join keeps',
      `select row_number() over (order by c.customer_id), d.score
       from customers c join customers d on d.customer_id = c.customer_id left join customers e on e.customer_id = c.customer_id`,
    ],
    ['rank, which gives ties the same', 'select customer_id, rank() over (order by score) from customers'],
  ])('allows %s', async (_, sql) => {
    expect(await orderDependence(connection, sql, keys)).toEqual([])
  })

  it('does not pass a query that it cannot bind', async () => {
    await expect(orderDependence(connection, 'select nothing_of_that_name from lines')).rejects.toThrow('Cannot bind')
  })
})
