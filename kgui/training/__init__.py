"""Runs: background thread, events, run store. Imports PySide6.QtCore only in thread.py."""
