"""Features of the Complete Journey households, computed by pandas alone; makes complete-journey.json beside it.

    python3 -m venv venv && venv/bin/pip install pandas==3.1.1
    venv/bin/python complete-journey.py FOLDER_OF_THE_DATA > complete-journey.json
"""

import json
import sys

import numpy as np
import pandas as pd

folder = sys.argv[1]
AS_OF = pd.Timestamp("2017-10-01T04:00:00Z")  # midnight in New York
ZONE = "America/New_York"
DAY = pd.Timedelta(days=1)
LEVELS = {"categoryShares": ["GROCERY", "DRUG GM", "PRODUCE"], "channelShares": ["367", "406"]}
SHOWN = ["1", "900", "1029", "2261", "2489"]

lines = pd.read_csv(f"{folder}/transactions_sample.csv.gz", dtype={"household_id": str, "basket_id": str, "product_id": str, "store_id": str})
products = pd.read_csv(f"{folder}/products.csv.gz", dtype={"product_id": str})
lines = lines.merge(products[["product_id", "department"]], on="product_id", how="left")
lines["at"] = pd.to_datetime(lines.transaction_timestamp, utc=True)
lines = lines[lines["at"] < AS_OF].rename(columns={"household_id": "c", "sales_value": "amount", "department": "category", "store_id": "channel"})
lines["discount"] = lines.retail_disc + lines.coupon_disc
local = AS_OF.tz_convert(ZONE)
since = lambda **span: local - pd.DateOffset(**span)
last90, last180, last3m = since(days=90), since(days=180), since(months=3)

orders = lines.groupby(["c", "basket_id"]).agg(at=("at", "min"), spent=("amount", "sum"), n=("amount", "size"), units=("quantity", "sum"), channel=("channel", "min")).reset_index()


def top(frame, keys):
    return frame.sort_values(keys, ascending=False).groupby("c").first()


def shares(frame, by, levels):
    total = frame.groupby("c").amount.sum()
    known = frame.assign(level=frame[by].where(frame[by].isin(levels), "other")).groupby(["c", "level"]).amount.sum().unstack(fill_value=0)
    return known.reindex(columns=[*levels, "other"], fill_value=0).div(total.where(total > 0), axis=0)


def stage(instants, typical=90):
    days = np.array([at.value for at in instants]) / DAY.value
    wait, n = AS_OF.value / DAY.value - days[-1], len(days)
    rhythm = lambda d: max((d[-1] - d[0]) / (len(d) - 1), 7) if len(d) >= 3 else typical
    own = rhythm(days)
    if wait > 3 * own:
        return "lapsed"
    if wait > 1.5 * own:
        return "at_risk"
    if n >= 2 and days[-1] - days[-2] > 3 * rhythm(days[:-1]):
        return "returned"
    return "new" if AS_OF.value / DAY.value - days[0] <= typical else "active"


purchases = orders.groupby("c")["at"].apply(lambda at: sorted(set(at)))
gaps = purchases.apply(lambda at: np.diff([one.value for one in at]) / DAY.value)
out = pd.DataFrame(index=sorted(lines.c.unique()))
out["recency"] = purchases.apply(lambda at: (AS_OF - at[-1]) / DAY)
out["tenure"] = purchases.apply(lambda at: (AS_OF - at[0]) / DAY)
out["frequency"] = orders.groupby("c").size()
out["frequency_90_days"] = orders[orders["at"] >= last90].groupby("c").size()
out["frequency_90_days"] = out.frequency_90_days.fillna(0)
out["monetary"] = lines.groupby("c").amount.sum()
out["monetary_3_months"] = lines[lines["at"] >= last3m].groupby("c").amount.sum()
out["monetary_3_months"] = out.monetary_3_months.fillna(0)
out["averageOrderValue"] = orders.groupby("c").spent.mean()
out["gapMean"] = gaps.apply(lambda g: g.mean() if len(g) >= 1 else None)
out["gapDeviation"] = gaps.apply(lambda g: g.std(ddof=1) if len(g) >= 2 else None)
out["gapRegularity"] = out.gapMean / (out.gapMean + out.gapDeviation)
sums = lambda frame: frame.groupby("c").amount.sum().reindex(out.index, fill_value=0)
out["trend"] = sums(lines[lines["at"] >= last90]) - sums(lines[(lines["at"] >= last180) & (lines["at"] < last90)])
season = lines.assign(q="q" + lines["at"].dt.tz_convert(ZONE).dt.quarter.astype(str))
quarters = shares(season, "q", ["q1", "q2", "q3", "q4"]).drop(columns="other")
for name in quarters:
    out[f"seasonShares:{name}"] = quarters[name]
out["seasonality"] = ((quarters**2).sum(axis=1, skipna=False) - 0.25) / 0.75
off = lines.groupby("c")[["discount", "amount"]].sum()
out["discountShare"] = off.discount / (off.discount + off.amount).where(off.discount + off.amount > 0)
for feature, by in [("categoryShares", "category"), ("channelShares", "channel")]:
    for level, column in shares(lines, by, LEVELS[feature]).items():
        out[f"{feature}:{level}"] = column
by_category = lines.dropna(subset=["category"]).groupby(["c", "category"]).agg(spent=("amount", "sum"), n=("amount", "size")).round(4).reset_index()
out["topCategory"] = top(by_category, ["spent", "n", "category"]).category
last_quarter = lines[lines["at"] >= last3m].dropna(subset=["category"]).groupby(["c", "category"]).agg(spent=("amount", "sum"), n=("amount", "size")).round(4).reset_index()


def gap(spend, category, min_peers):
    # What high-value peers spend: numpy's default quantile, of all customers with the same top category.
    frame = pd.DataFrame({"spend": spend, "category": category.reindex(out.index)}).dropna()
    size = frame.groupby("category").spend.transform("size")
    own = frame.groupby("category").spend.transform(lambda s: np.quantile(s, 0.9))
    few = frame.spend[size < min_peers]
    pooled = np.quantile(few if len(few) >= min_peers else frame.spend, 0.9)
    return (own.where(size >= min_peers, pooled) - frame.spend).clip(lower=0).reindex(out.index)


out["potentialValue"] = gap(out.monetary, out.topCategory, 50)
out["potentialValue_3_months"] = gap(out.monetary_3_months, top(last_quarter, ["spent", "n", "category"]).category, 20)
by_channel = orders.groupby(["c", "channel"]).agg(n=("spent", "size"), spent=("spent", "sum"), last=("at", "max")).reset_index().round({"spent": 4})
out["preferredChannel"] = top(by_channel, ["n", "spent", "last", "channel"]).channel
out["linesPerOrder"] = orders.groupby("c").n.mean()
out["unitsPerOrder"] = orders.groupby("c").units.mean()
out["distinctProducts"] = lines.groupby("c").product_id.nunique()
out["distinctCategories"] = lines.groupby("c").category.nunique()
out["returnRate"] = (lines.groupby("c").amount.sum() > 0).map({True: 0.0, False: np.nan})
out["lifecycleStage"] = purchases.apply(stage)


def plain(value):
    return None if pd.isna(value) else value if isinstance(value, str) else float(value)


print(
    json.dumps(
        {
            "customers": len(out),
            "levels": LEVELS,
            "shown": {c: {name: plain(value) for name, value in out.loc[c].items()} for c in SHOWN},
            "nulls": {name: int(column.isna().sum()) for name, column in out.items()},
            "sums": {name: float(column.sum()) for name, column in out.items() if pd.api.types.is_numeric_dtype(column)},
            "counts": {name: {str(k): int(n) for k, n in sorted(out[name].value_counts().head(5).items())} for name in ["topCategory", "preferredChannel", "lifecycleStage"]},
        },
        indent=2,
    )
)
