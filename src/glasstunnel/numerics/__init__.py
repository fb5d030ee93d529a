"""Quadrature nodes, few-level diagonalization and special functions; no physics of glasses here."""
