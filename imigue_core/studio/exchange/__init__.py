"""Labels in from files and out to files: preview, plan, import, export."""
