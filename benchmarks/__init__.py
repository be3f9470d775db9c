"""Measurements: how fast this server starts, and how it compares with others."""
