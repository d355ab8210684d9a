"""The screens, one a file: inputs, one call, output. No SQL, no maths, no file parsing."""
