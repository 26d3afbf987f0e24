"""What is measured, one command each: ``python -m benchmarks NAME``; ratios within one run where they can be."""
