"""whole_peer.py AS_OF FOLDER: the script that a team would write instead, as a line of JSON. It reads with psql's COPY (not read_sql), cleanses and makes
features with pandas, chooses k from 3 to 10 by silhouette on a sample of 100,000, fits once, matches the segments with those that are live, and
loads a new table that takes the place of the old one in one transaction. What it leaves out: counting, reasons of rejects, fingerprints, reports."""
import json, os, resource, subprocess, sys, time
import numpy as np, pandas as pd
from scipy.optimize import linear_sum_assignment
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score
from sklearn.preprocessing import StandardScaler

as_of, folder = pd.Timestamp(sys.argv[1]), sys.argv[2]
parts, began = {}, time.perf_counter()
def mark(name):
    global began
    parts[name] = time.perf_counter() - began; began = time.perf_counter()
def psql(*commands, **more):
    call = ["psql", "-qXAt", "-v", "ON_ERROR_STOP=1", os.environ["WAREHOUSE_URL"], *(x for c in commands for x in ("-c", c))]
    return subprocess.run(call, check=True, text=True, env={**os.environ, "PGTZ": "UTC", "PGOPTIONS": "-c client_min_messages=warning"}, **more)

dumped, members = f"{folder}/dumped.csv", f"{folder}/members.csv"
names = ["customer_id", "at", "order_id", "amount", "category", "channel"]
psql(f"\\copy (select customer_id, ordered_at at time zone 'UTC', order_id, amount, category, channel from order_lines where ordered_at < timestamptz '{as_of} UTC') to '{dumped}' (format csv)")
o = pd.read_csv(dumped, names=names, parse_dates=["at"], date_format="ISO8601",
                dtype={"customer_id": "float64", "order_id": "int64", "amount": "float64", "category": "category", "channel": "category"})
mark("extract")
o = o.drop_duplicates(); o = o[o.customer_id.notna()]; o["customer_id"] = o.customer_id.astype("int64"); b = o[o.amount > 0]
mark("cleanse")
orders = b.groupby(["customer_id", "order_id"], sort=False).agg(at=("at", "min"), spent=("amount", "sum")).reset_index().sort_values(["customer_id", "at"])
gap = orders["at"].diff().dt.total_seconds() / 86400; gap[orders.customer_id != orders.customer_id.shift()] = np.nan; orders["gap"] = gap
r = orders.groupby("customer_id", sort=False).agg(last=("at", "max"), first=("at", "min"), frequency=("order_id", "size"), spent=("spent", "sum"), gap_mean=("gap", "mean"), gap_std=("gap", "std"))
r["recency"] = (as_of - r.pop("last")).dt.total_seconds() / 86400; r["tenure"] = (as_of - r.pop("first")).dt.total_seconds() / 86400
r["aov"] = r.spent / r.frequency; r["monetary"] = o.groupby("customer_id").amount.sum()
r["categories"] = b[["customer_id", "category"]].drop_duplicates().groupby("customer_id").size()
spent = b.groupby(["customer_id", "channel"], observed=True).amount.sum().unstack(fill_value=0)
for x in ("web", "app", "store"): r["share_" + x] = spent[x] / r.spent
A, B = as_of - pd.Timedelta(days=90), as_of - pd.Timedelta(days=180)
r["trend"] = (o.amount.where(o["at"] >= A, 0) - o.amount.where((o["at"] >= B) & (o["at"] < A), 0)).groupby(o.customer_id).sum()
r = r.drop(columns="spent")
mark("features")
X = r.fillna(0).copy()
for c in ("frequency", "monetary", "aov", "recency", "gap_mean", "gap_std"): X[c] = np.log1p(X[c].clip(lower=0))
X = X.clip(X.quantile(.005), X.quantile(.995), axis=1); X = StandardScaler().fit_transform(X).astype(np.float32)
S = X[np.random.default_rng(7).choice(len(X), min(100_000, len(X)), replace=False)]
k = max(range(3, 11), key=lambda k: silhouette_score(S, KMeans(k, n_init=3, random_state=7).fit_predict(S), sample_size=min(10_000, len(S)), random_state=7))
m = KMeans(k, n_init=1, random_state=7).fit(X); r["segment"] = m.labels_
d = np.sort(m.transform(X), axis=1); r["confidence"] = (d[:, 1] - d[:, 0]) / d[:, 1]
mark("cluster")
moved = None
if psql("select to_regclass('segments_live')", stdout=subprocess.PIPE).stdout.strip():
    psql(f"\\copy (select customer_id, segment from segments_live) to '{members}' (format csv)")
    before = pd.read_csv(members, names=["customer_id", "before"], index_col=0).before
    j = r.join(before, how="inner"); t = pd.crosstab(j.segment, j.before); i, c = linear_sum_assignment(-t.values)
    names = dict(zip(t.index[i], t.columns[c])); fresh = before.max() + 1
    for own in range(k):
        if own not in names: names[own] = fresh; fresh += 1
    r["segment"] = r.segment.map(names); moved = int((r.segment.reindex(j.index) != j.before).sum())
mark("validate")
r[["segment", "confidence"]].reset_index().to_csv(members, index=False, header=False)
psql("drop table if exists segments_new", "create table segments_new (customer_id bigint, segment int, confidence float8)", f"\\copy segments_new from '{members}' (format csv)",
     "alter table segments_new add primary key (customer_id)", "drop table if exists segments_old",
     "begin; alter table if exists segments_live rename to segments_old; alter table segments_new rename to segments_live; commit")
mark("publish")
print(json.dumps({"seconds": sum(parts.values()), "rssMb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, "parts": parts, "customers": len(r), "k": k, "moved": moved}))
