"""The problems a user can fix; pages and commands show their text word for word."""


class UserError(Exception):
    """Something the user can fix. The text says what is wrong, where, and what to do."""


class BenchmarkFormatError(UserError):
    """A file that was to be imported cannot be read as what it should be."""


class NotFoundError(UserError):
    """Something named by an address or an argument does not exist."""


class TrainingSetError(UserError):
    """A training set cannot be frozen or read."""


class TrainingError(UserError):
    """A training run cannot be started or continued."""


class JobError(UserError):
    """A job cannot be started, stopped or restarted."""
