"""Where a campaign is kept: tables (SQLite or PostgreSQL, one schema), arrays in zarr."""
