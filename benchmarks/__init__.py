"""How fast Pressroom prints, beside the simplest programs that could do the same: ``python -m benchmarks``."""
