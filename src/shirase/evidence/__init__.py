"""Floor 1: the evidence store. Parquet files that intake writes and scoping reads; pyarrow is used nowhere else."""
