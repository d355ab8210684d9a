"""Taking edits: the contract between the browser's log and the ledger; the rules for one edit, a group, overlaps."""
