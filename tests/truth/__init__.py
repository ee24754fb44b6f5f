"""Model answers against oracles that others wrote, or that follow from theory."""
