"""What is measured, one command each: ``python -m benchmarks NAME``. Figures are ratios within one run where they can be."""
