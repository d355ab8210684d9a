"""Looking at what was labelled: numbers and the codebook's clips."""
