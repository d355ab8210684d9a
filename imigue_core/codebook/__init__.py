"""The codebook: what each class is (entries), what it is confused with (pairs), what must be visible (needs)."""
