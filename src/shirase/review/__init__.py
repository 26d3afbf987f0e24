"""Room: what reviewers look at, made from finished bytes that stay as they are."""
