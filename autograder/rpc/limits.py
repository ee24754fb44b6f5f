"""How much may cross: the limits of a message, and what its values cost."""

MAX_BYTES = 256 * 2**20  # of a message, and of the values made from it
MAX_ITEMS = 2_000_000  # in all lists, tuples, dictionaries and sets of a message, and arrays
MAX_DEPTH = 64  # of lists in tuples in dictionaries …
MAX_INT = 1024  # bytes of an int: fewer digits than Python refuses to print
MAX_ALIKE = 16  # keys of one dictionary or set with the same hash
MAX_CALLABLES = 10_000  # known to one end of a connection
MAX_TEXT = 20_000  # characters of printed text, of a traceback, and of a warning or exception
MAX_NAME = 60  # characters of the name of a class
MAX_WARNINGS = 100

# What an item of a list, a list itself, and a random generator count as, in bytes: more than
# they take. A generator is slow to make, too.
ITEM_COST, CONTAINER_COST, GENERATOR_COST = 100, 300, 2**16
