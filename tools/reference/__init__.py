"""Independent programs behind `tests/reference/*.toml`: nothing here imports glasstunnel.

Each module has one function for each table of the file of its name; it returns the numbers of the table anew.
`python -m tools.reference NAME` prints them as they stand in the file.
"""
