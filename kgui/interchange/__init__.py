"""Models in and out, each export verified. Imports engine, graph, compiler, data."""
