"""kmeans_peers.py lloyd|elkan|faiss f32|f64 FOLDER ROWS DIMENSIONS CLUSTERS ITERATIONS THREADS: one fit, as a line of JSON."""
import json, os, resource, sys, time
engine, kind, folder = sys.argv[1:4]
n, d, k, iterations, threads = map(int, sys.argv[4:9])
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = str(threads)
import numpy as np
T = np.float32 if kind == "f32" else np.float64
X = np.fromfile(f"{folder}/rows.f32", np.float32).reshape(n, d).astype(T)
C = np.fromfile(f"{folder}/starts.f64").reshape(k, d).astype(T)
if engine == "faiss":
    import faiss
    faiss.omp_set_num_threads(threads)
    fit = faiss.Kmeans(d, k, niter=iterations, max_points_per_centroid=10**9, seed=1)
    c = time.process_time(); t = time.perf_counter(); fit.train(X, init_centroids=C); t = time.perf_counter() - t; c = time.process_time() - c
    steps, inertia = iterations, float(fit.index.search(X, 1)[0].sum(dtype=np.float64))
else:
    from sklearn.cluster import KMeans
    fit = KMeans(k, init=C, n_init=1, algorithm=engine, max_iter=iterations, tol=0)
    c = time.process_time(); t = time.perf_counter(); fit.fit(X); t = time.perf_counter() - t; c = time.process_time() - c
    steps, inertia = int(fit.n_iter_), float(fit.inertia_)
print(json.dumps(dict(seconds=t, cpuSeconds=c, iterations=steps, inertia=inertia, rssMb=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))))
