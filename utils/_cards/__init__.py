"""The cards that test cells show."""
