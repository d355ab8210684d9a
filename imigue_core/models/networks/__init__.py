"""The networks, one a file: sizes as a frozen dataclass, the paper in the docstring. Rows are in ../registry.py."""
