"""A process that can do no harm, and what runs in it."""
