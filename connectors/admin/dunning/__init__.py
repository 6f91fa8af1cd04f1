"""Dunning: the run, the cases, the flows, and the notices. ``connectors.admin`` registers them."""
