"""lines_peers.py extract|features pandas|polars FOLDER [PARQUET]: the work of a stage as a script would do it, as a line of JSON."""
import json, os, resource, subprocess, sys, time
work, engine, folder = sys.argv[1:4]
if engine == "pandas": import numpy as np, pandas as pd
else: import polars as pl
AS_OF = "2026-10-01"
NAMES = ["customer_id", "occurred_at", "order_id", "amount", "category", "channel"]
out = f"{folder}/peer.parquet"

def dump():
    """psql's CPU time counts with that of the process's children."""
    query = f"select customer_id, ordered_at, order_id, amount, category, channel from order_lines where ordered_at < timestamptz '{AS_OF}'"
    subprocess.run(["psql", "-qX", os.environ["WAREHOUSE_URL"], "-c", f"\\copy ({query}) to '{folder}/dumped.csv' (format csv)"], check=True, env={**os.environ, "PGTZ": "UTC"})

def extract():
    dump()
    if engine == "pandas":
        types = {"customer_id": "Int64", "order_id": "int64", "amount": "float64", "category": "category", "channel": "category"}
        pd.read_csv(f"{folder}/dumped.csv", names=NAMES, dtype=types, parse_dates=["occurred_at"], date_format="ISO8601").to_parquet(out, compression="zstd")
    else:
        types = {"customer_id": pl.Int64, "occurred_at": pl.String, "order_id": pl.Int64, "amount": pl.Float64, "category": pl.String, "channel": pl.String}
        o = pl.read_csv(f"{folder}/dumped.csv", has_header=False, schema=types)
        o.with_columns(pl.col("occurred_at").str.to_datetime("%Y-%m-%d %H:%M:%S%.f%#z", time_unit="us")).write_parquet(out, compression="zstd")

def features_pandas():
    o = pd.read_parquet(sys.argv[4])
    if o.amount.dtype == object: o["amount"] = o.amount.astype("float64")  # exact money comes as one Python object a value
    T = pd.Timestamp(AS_OF); A, B = pd.Timestamp("2026-07-03"), pd.Timestamp("2026-04-04")
    b = o[~o.is_return]
    orders = b.groupby(["customer_id", "order_id"], sort=False).agg(at=("occurred_at", "min"), spent=("amount", "sum")).reset_index().sort_values(["customer_id", "at"])
    gap = orders["at"].diff().dt.total_seconds() / 86400; gap[orders.customer_id != orders.customer_id.shift()] = np.nan; orders["gap"] = gap
    r = orders.groupby("customer_id", sort=False).agg(last=("at", "max"), first=("at", "min"), frequency=("order_id", "size"), spent=("spent", "sum"), gapMean=("gap", "mean"), gapDeviation=("gap", "std"))
    r["recency"] = (T - r.pop("last")).dt.total_seconds() / 86400; r["tenure"] = (T - r.pop("first")).dt.total_seconds() / 86400
    r["averageOrderValue"] = r.spent / r.frequency; r["monetary"] = o.groupby("customer_id").amount.sum()
    r["distinctCategories"] = b[["customer_id", "category"]].drop_duplicates().groupby("customer_id").size()
    spent = b.groupby(["customer_id", "channel"], observed=True).amount.sum().unstack(fill_value=0)
    for x in ("web", "app", "store"): r["channelShares:" + x] = spent[x] / r.spent
    r["trend"] = (o.amount.where(o.occurred_at >= A, 0) - o.amount.where((o.occurred_at >= B) & (o.occurred_at < A), 0)).groupby(o.customer_id).sum()
    r.drop(columns="spent").reset_index().to_parquet(out, compression="zstd")

def features_polars():
    import datetime as dt
    c = pl.col; o = pl.scan_parquet(sys.argv[4]); T = dt.datetime(2026, 10, 1); A, B = dt.datetime(2026, 7, 3), dt.datetime(2026, 4, 4); DAY = 86400e6
    bought = ~c("is_return"); gap = c("at").sort().diff().dt.total_microseconds() / DAY
    orders = o.filter(bought).group_by("customer_id", "order_id").agg(c("occurred_at").min().alias("at"), c("amount").sum().alias("spent"))
    buying = orders.group_by("customer_id").agg(((pl.lit(T) - c("at").max()).dt.total_microseconds() / DAY).alias("recency"), pl.len().alias("frequency"), (c("spent").sum() / pl.len()).alias("averageOrderValue"),
      gap.mean().alias("gapMean"), gap.std().alias("gapDeviation"), ((pl.lit(T) - c("at").min()).dt.total_microseconds() / DAY).alias("tenure"))
    paid = c("amount").filter(bought).sum()
    lines = o.group_by("customer_id").agg(c("amount").sum().alias("monetary"), c("category").filter(bought).n_unique().alias("distinctCategories"),
      *[(c("amount").filter(bought & (c("channel") == x)).sum() / paid).alias("channelShares:" + x) for x in ("web", "app", "store")],
      (c("amount").filter(c("occurred_at") >= A).sum() - c("amount").filter((c("occurred_at") >= B) & (c("occurred_at") < A)).sum()).alias("trend"))
    buying.join(lines, on="customer_id").collect().write_parquet(out, compression="zstd")

t = time.perf_counter(); cpu = time.process_time()
{"extract": extract, "features": globals()[f"features_{engine}"]}[work]()
seconds = time.perf_counter() - t; own = resource.getrusage(resource.RUSAGE_CHILDREN)
r = dict(seconds=seconds, cpuSeconds=time.process_time() - cpu + own.ru_utime + own.ru_stime, rssMb=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))
if work == "features":
    import pyarrow.parquet as pq
    f = pq.read_table(out).to_pydict(); total = lambda name: sum(float(x) for x in f[name] if x is not None and x == x)
    r["check"] = dict(customers=len(f["customer_id"]), recency=total("recency"), frequency=total("frequency"), monetary=total("monetary"), gap_deviation=total("gapDeviation"), trend=total("trend"), categories=total("distinctCategories"), web=total("channelShares:web"))
os.remove(out)
print(json.dumps(r))
