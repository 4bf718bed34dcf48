"""Results for people and for machines: one output format per file."""
