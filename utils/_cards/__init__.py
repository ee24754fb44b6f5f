"""The cards that test cells show."""

MIME = "application/vnd.exercise-card+json"  # of a card as data
