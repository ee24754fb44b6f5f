"""Whether the pictures of this process are drawn. Importing nothing, it can be asked early."""

wanted = True  # where it is False, code that draws runs as before, and a picture's `html` is ""
