"""RFM scores, groups and value tiers of Online Retail by pandas alone; makes online-retail-value.json beside it.

    python3 -m venv venv && venv/bin/pip install pandas==3.1.1
    venv/bin/python online-retail-value.py ONLINE_RETAIL_CSV_GZ > online-retail-value.json

Clean lines: a customer, no cancellation, quantity and price above 0. Days are counted from 2011-12-10.
"""

import json
import re
import sys

import numpy as np
import pandas as pd

lines = pd.read_csv(sys.argv[1], dtype={"InvoiceNo": str, "CustomerID": str})
lines = lines[lines.CustomerID.notna() & ~lines.InvoiceNo.str.startswith("C") & (lines.Quantity > 0) & (lines.UnitPrice > 0)]
# Prices have up to three decimals: whole thousandths add up exactly.
lines["mills"] = (lines.Quantity * (lines.UnitPrice * 1000).round().astype("int64"))
lines["day"] = pd.to_datetime(lines.InvoiceDate).dt.normalize()
c = lines.groupby("CustomerID").agg(last=("day", "max"), frequency=("InvoiceNo", "nunique"), mills=("mills", "sum"))
c["recency"] = (pd.Timestamp("2011-12-10") - c["last"]).dt.days
c["monetary"] = c.mills / 1000

FIFTHS = [0.2, 0.4, 0.6, 0.8]
cuts = {name: np.quantile(c[name], FIFTHS).tolist() for name in ["recency", "frequency", "monetary"]}


def passed(values, at):
    """Cuts below each value: the bins of pandas.cut, closed on the right."""
    return sum((values > cut).astype(int) for cut in at)


c["r"] = 5 - passed(c.recency, cuts["recency"])
c["f"] = 1 + passed(c.frequency, cuts["frequency"])
c["m"] = 1 + passed(c.monetary, cuts["monetary"])
# Recency and monetary have no repeated edges: pandas.qcut says the same of them.
assert (c.r == pd.qcut(c.recency, 5, labels=[5, 4, 3, 2, 1]).astype(int)).all()
assert (c.m == pd.qcut(c.monetary, 5, labels=[1, 2, 3, 4, 5]).astype(int)).all()
c["fm"] = np.floor((c.f + c.m) / 2 + 0.5).astype(int)

# The map by regular expressions that tutorials use, with R1 FM1-2 as "lost" of its own.
GROUPS = [
    (r"1[12]", "lost"), (r"2[12]", "hibernating"), (r"[12][34]", "at_risk"), (r"[12]5", "cannot_lose"), (r"3[12]", "about_to_sleep"),
    (r"33", "need_attention"), (r"[34][45]", "loyal"), (r"41", "promising"), (r"51", "new"), (r"[45][23]", "potential_loyalists"), (r"5[45]", "champions"),
]
cell = c.r.astype(str) + c.fm.astype(str)
c["group"] = [next(name for pattern, name in GROUPS if re.fullmatch(pattern, one)) for one in cell]

by_value = c.groupby("mills").size().sort_index(ascending=False)
running = (by_value.index * by_value).cumsum()
total = c.mills.sum()


def reaching(share):
    """The value at which the best customers, each with all of equal value, make the share."""
    return int(running[running >= share * total - 1e-6].index[0])


a, b = reaching(0.8), reaching(0.95)
abc = np.where(c.mills >= a, "A", np.where(c.mills >= b, "B", "C"))
decile = pd.qcut(c.monetary, 10, labels=list(range(10, 0, -1))).astype(int)
pyramid = np.quantile(c.monetary, [0.8, 0.95, 0.99])


def counted(values):
    return {str(key): int(n) for key, n in pd.Series(values).value_counts().sort_index().items()}


print(json.dumps({
    "customers": len(c),
    "cuts": cuts,
    "scores": counted(c.r.astype(str) + c.f.astype(str) + c.m.astype(str)),
    "groups": counted(c.group),
    "champions": {"meanRecency": float(c[c.group == "champions"].recency.mean()), "mills": int(c[c.group == "champions"].mills.sum())},
    "abc": {"bounds": [a / 1000, b / 1000], "sizes": counted(abc), "shares": {k: float(c.mills[abc == k].sum() / total) for k in "ABC"}},
    "deciles": {"sizes": counted(decile), "mills": {str(k): int(v) for k, v in c.mills.groupby(decile).sum().items()}},
    "pyramid": {"cuts": pyramid.tolist(), "sizes": [int((c.monetary > pyramid[2]).sum()), int(((c.monetary > pyramid[1]) & (c.monetary <= pyramid[2])).sum()), int(((c.monetary > pyramid[0]) & (c.monetary <= pyramid[1])).sum()), int((c.monetary <= pyramid[0]).sum())]},
}, indent=1))
