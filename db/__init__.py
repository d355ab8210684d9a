"""The database: engine, tables, ledger, repositories and migrations. Pages never come here.

What leaves this package is a dataclass, a DataFrame or a plain value, never a row object.
"""
