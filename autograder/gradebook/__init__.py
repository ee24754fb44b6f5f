"""nbgrader's database, exchange and settings: the only code that touches them."""
