"""A superconducting resonator around the glass."""
