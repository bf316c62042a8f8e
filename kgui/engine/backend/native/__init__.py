"""The second backend: one compiled interpreter runs whole stretches of a plan without Python.

Every operation rounds as NumPy's does: products go to the same BLAS, exponentials and the like to
NumPy's own loops, and the rest is exact arithmetic in the same order. Both backends therefore
give the same numbers bit for bit, and which one ran never shows in a result.
"""
