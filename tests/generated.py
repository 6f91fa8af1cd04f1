"""How many inputs a test generates: few in the daily suite, many in ``make nightly``."""

from __future__ import annotations

import os

from hypothesis import settings

# How many times as many as the daily suite.
TIMES = int(os.environ.get("GENERATED_TIMES", "1"))


def examples(daily: int) -> int:
    """As many as the test asks for each day, times what this run asks for."""
    return daily * TIMES


# For tests that do not say how many. How long one takes is the machine's business.
PROFILE = "pressroom"
settings.register_profile(PROFILE, max_examples=examples(50), deadline=None)
