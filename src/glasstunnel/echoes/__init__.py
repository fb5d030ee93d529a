"""Echo engines: pulses, single systems, ensembles, and what a receiver records."""
