"""compare_peers.py FOLDER: two quarters compared with pandas and scikit-learn, as a line of JSON."""
import json, os, resource, sys, time
folder = sys.argv[1]
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "2"
import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score
from sklearn.metrics.cluster import contingency_matrix

peer = json.load(open(f"{folder}/peer.json"))
adjusted_rand_score([0, 1], [0, 1])
c, t = time.process_time(), time.perf_counter()
now = pd.read_parquet(peer["candidate"], columns=["customer_id", "cluster"])
values = pd.read_parquet(peer["features"])
members = pd.read_parquet(peer["members"])
both = now.merge(members, on="customer_id")
a, b = both["cluster"].to_numpy(), both["segment_key"].astype("category").cat.codes.to_numpy()
table = contingency_matrix(b, a).astype(float)
p = table / table.sum()
entropy = lambda q: -(q[q > 0] * np.log(q[q > 0])).sum()
check = dict(
    ari=adjusted_rand_score(b, a),
    ami=adjusted_mutual_info_score(b, a),
    vi=2 * entropy(p) - entropy(p.sum(0)) - entropy(p.sum(1)),
)
for feature in peer["bins"]:
    edges, before = feature["edges"], np.array(feature["customers"], float)
    x = values[feature["name"]].to_numpy()
    there = x[~np.isnan(x)]
    inside = there[there >= feature["minimum"]]
    counts = np.bincount(np.searchsorted(edges, inside), minlength=len(edges) + 1).astype(float)
    counts[-1] += len(there) - len(inside)
    counts = np.append(counts, len(x) - len(there))
    seen = before + counts > 0
    e, f = before[seen] + 0.5, counts[seen] + 0.5
    e, f = e / e.sum(), f / f.sum()
    psi = ((f - e) * np.log(f / e)).sum()
    bins = len(edges)
    ks = min(
        np.abs(np.cumsum(before[o] / before[o].sum()) - np.cumsum(counts[o] / counts[o].sum())).max()
        for o in ([bins, *range(bins)], [*range(bins), bins])
    )
    if feature["name"] == "f0":
        check |= dict(psi=psi, ks=ks)
t, c = time.perf_counter() - t, time.process_time() - c
print(json.dumps(dict(seconds=t, cpuSeconds=c, rssMb=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024), check=check)))
