"""Models in files: Keras's `.keras` and `.weights.h5`, and `.npz`; never pickle."""
