"""A training set -> a training run: the settings, the run's row and folder, and the worker that trains."""
