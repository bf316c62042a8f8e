"""Frames and notes on the canvas: items, what is typed into them, their menu.

They follow the document as nodes do, and mean nothing to the computation.
"""
