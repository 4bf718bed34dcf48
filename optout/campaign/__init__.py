"""Many targets: which ones, in what order, with what, and what became of them."""
