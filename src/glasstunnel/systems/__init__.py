"""What tunnels, vibrates or is magnetic in a glass: one file per kind of contribution."""
