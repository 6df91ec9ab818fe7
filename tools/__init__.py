"""Developer tools behind the Makefile; they need nothing but Python's standard library."""
