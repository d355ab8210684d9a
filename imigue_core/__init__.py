"""iMiGUE Studio's core: words, maths, files, use cases and the processes that do the long work.

Importing this package loads nothing else, so that the first page comes up fast.
"""

__version__ = "0.1.0"
