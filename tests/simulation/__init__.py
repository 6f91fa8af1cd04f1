"""A simulated year of a Space that duns: ``python -m tests.simulation [--seed N]``, or ``make simulate-year``.

:mod:`tests.simulation.plan` draws everything that chance decides; :mod:`tests.simulation.year` lets it happen to the
product, hour by hour; :mod:`tests.simulation.journal` is what an onlooker wrote down meanwhile; and
:mod:`tests.simulation.ledger`, which knows nothing of the product, says what of it was not allowed.
"""
