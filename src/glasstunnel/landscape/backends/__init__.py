"""Other engines behind the same algorithms: ASE calculators."""
