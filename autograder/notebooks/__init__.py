"""What is in a notebook: parsing, rebuilding, which cells must run, outputs."""
