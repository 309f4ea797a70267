import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

/** UCI "Online Retail"; its check values are in the README beside it. Not part of this repository: tests skip without it. */
export const onlineRetailFile = resolve(
  import.meta.dirname,
  '../../../../shared/data/online_retail/online_retail_2010_2011.csv.gz',
)
export const hasOnlineRetail = existsSync(onlineRetailFile)
if (!hasOnlineRetail) console.warn(`Tests on real data are skipped: ${onlineRetailFile} is not there.`)

/** All eight columns in the shape of the raw artifact; instants are London wall-clock time in the file. */
export const onlineRetailRaw = `
  select cast(md5_number_lower(coalesce(customer_id, '')) % 256 as integer) as bucket, *
  from (
    select nullif(trim("CustomerID"), '') as customer_id,
      cast(timezone('UTC', timezone('Europe/London', cast("InvoiceDate" as timestamp))) as timestamp) as occurred_at,
      nullif(trim("InvoiceNo"), '') as order_id,
      cast(cast("Quantity" as decimal(18, 4)) * cast("UnitPrice" as decimal(18, 4)) as decimal(18, 4)) as amount,
      cast("Quantity" as decimal(18, 4)) as quantity,
      cast("UnitPrice" as decimal(18, 4)) as unit_price,
      nullif(trim("StockCode"), '') as product,
      nullif(trim("Country"), '') as country,
      nullif(trim("Description"), '') as description,
      cast(null as varchar) as type_faults
    from read_csv('${onlineRetailFile}', all_varchar = true, header = true))`
