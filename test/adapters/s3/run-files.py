# Reads a run's folder by its manifest with pyarrow, and the pipeline's folder as Hive partitions: `run-files.py FOLDER RUN` prints JSON.
import hashlib, json, pathlib, sys

import pyarrow.dataset as dataset
import pyarrow.parquet as parquet

folder, run = pathlib.Path(sys.argv[1]), sys.argv[2]
manifest = json.loads((folder / f"run={run}" / "manifest.json").read_text())
tables = {}
for entry in manifest["files"]:
    path = folder / f"run={run}" / entry["path"]
    data = path.read_bytes()
    assert hashlib.sha256(data).hexdigest() == entry["sha256"] and len(data) == entry["bytes"], path
    if entry["table"] is None:
        continue
    table = tables.setdefault(entry["table"], {"rows": 0, "columns": None, "metadata": None, "compression": None})
    file = parquet.ParquetFile(path)
    assert file.metadata.num_rows == entry["rows"], path
    table["rows"] += entry["rows"]
    table["columns"] = {field.name: str(field.type) for field in file.schema_arrow}
    table["metadata"] = {key.decode(): value.decode() for key, value in (file.metadata.metadata or {}).items() if key.startswith(b"resegment.")}
    table["compression"] = file.metadata.row_group(0).column(0).compression if file.metadata.num_row_groups else None
members = dataset.dataset(
    [str(path) for path in sorted(folder.glob("run=*/memberships/*.parquet"))],
    format="parquet",
    partitioning=dataset.partitioning(flavor="hive"),
    partition_base_dir=str(folder),
).to_table(columns=["run", "customer_id", "segment_key"])
print(json.dumps({"tables": tables, "members": sorted(members.to_pylist(), key=lambda row: row["customer_id"])}))
