"""model_peers.py choose|mixture|forecast FOLDER ROWS DIMENSIONS CLUSTERS THREADS: the work of model.ts by others, as a line of JSON."""
import json, os, resource, sys, time, warnings
work, folder = sys.argv[1:3]
n, d, k, threads = map(int, sys.argv[3:7])
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = str(threads)
import numpy as np
warnings.simplefilter("ignore")
SAMPLE, JUDGED, STARTS, BOOTSTRAPS, SPLITS = 50_000, 5_000, 5, 10, 5
X = np.fromfile(f"{folder}/rows.f32", np.float32).reshape(n, d)


def choose():
    """Single precision throughout, which is scikit-learn's faster way."""
    from sklearn.cluster import KMeans
    from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score, silhouette_score
    rng = np.random.default_rng(1)
    sample, judged = X[:SAMPLE], X[:JUDGED]
    m = len(judged)
    refit = lambda rows, count, seed: KMeans(count, n_init=2, max_iter=20, tol=1e-3, random_state=seed).fit(rows)

    def recovered(labels, again, count):
        table = np.zeros((count, count))
        np.add.at(table, (labels, again), 1)
        return (table / (table.sum(1, keepdims=True) + table.sum(0) - table)).max(1)

    def strength(test, own, other, count):
        told = other.predict(test)
        pairs = []
        for cluster in range(count):
            of = told[own.labels_ == cluster]
            if len(of) > 1:
                sizes = np.bincount(of).astype(float)
                pairs.append((sizes * (sizes - 1)).sum() / (len(of) * (len(of) - 1)))
        return min(pairs)

    best = None
    for count in range(2, 13):
        fit = KMeans(count, n_init=STARTS, max_iter=300, tol=1e-6, random_state=1).fit(sample)
        labels = fit.labels_[:JUDGED]
        silhouette = silhouette_score(judged, labels)
        calinski_harabasz_score(judged, labels), davies_bouldin_score(judged, labels)
        for seed in range(BOOTSTRAPS):
            rows = np.unique(rng.integers(0, m, m))
            recovered(labels[rows], refit(judged[rows], count, seed).labels_, count)
        for seed in range(SPLITS):
            order = rng.permutation(m)
            halves = [judged[order[: m // 2]], judged[order[m // 2 :]]]
            a, b = [refit(half, count, seed) for half in halves]
            (strength(halves[0], a, b, count) + strength(halves[1], b, a, count)) / 2
        if best is None or silhouette > best[0]:
            best = (silhouette, fit.cluster_centers_)
    KMeans(len(best[1]), init=best[1], n_init=1, max_iter=300, tol=1e-6).fit(X)
    return {}


def mixture():
    from sklearn.mixture import GaussianMixture
    rows = X.astype(float)
    centres = np.fromfile(f"{folder}/starts.f64").reshape(k, d)
    labels = ((rows[:, None] - centres[None]) ** 2).sum(2).argmin(1)
    share = np.eye(k)[labels]

    class FromPartition(GaussianMixture):
        def _initialize_parameters(self, X, *rest, **options):
            self._initialize(X, share)

    def run():
        fit = FromPartition(k, covariance_type="diag", tol=1e-5, max_iter=100).fit(rows)
        print(f"bench: {fit.n_iter_} iterations, log-likelihood {fit.score(rows) * n}", file=sys.stderr)
        return {}

    return run


def forecast():
    """The customers are drawn anew, from the same distributions."""
    from lifetimes import BetaGeoFitter
    rng = np.random.default_rng(1)
    T = 20 + np.floor(rng.random(n) * 84)
    rate, dropout = rng.exponential(1 / 12, n), rng.random(n) ** 2
    x, last, at, alive = np.zeros(n), np.zeros(n), np.zeros(n), np.ones(n, bool)
    while alive.any():
        at += rng.exponential(1 / rate)
        alive &= at <= T
        x[alive] += 1
        last[alive] = np.maximum(1, np.floor(at[alive]))
        alive &= rng.random(n) >= dropout

    def run():
        fit = BetaGeoFitter().fit(x, last, T)
        fit.conditional_probability_alive(x, last, T)
        fit.conditional_expected_number_of_purchases_up_to_time(13, x, last, T)
        return {}

    return run


run = {"choose": lambda: choose, "mixture": mixture, "forecast": forecast}[work]()
c, t = time.process_time(), time.perf_counter()
check = run()
t, c = time.perf_counter() - t, time.process_time() - c
print(json.dumps(dict(seconds=t, cpuSeconds=c, check=check, rssMb=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))))
