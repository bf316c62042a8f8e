"""The commands of kgui, one module each; they import what they need when they run, never Qt."""
