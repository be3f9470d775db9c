"""The international partnerships of a city as a knowledge graph to query, follow and trust."""

__version__ = "0.1.0"
