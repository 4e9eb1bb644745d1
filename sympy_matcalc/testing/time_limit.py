"""A limit of time on a random case."""

import signal
from contextlib import contextmanager


class OutOfTime(BaseException):
    """One call took longer than its share; no subclass of Exception, so that the call cannot swallow it."""


@contextmanager
def time_limit(seconds):
    """OutOfTime is raised within after so many seconds (main thread of a POSIX system only)."""

    def out_of_time(signum, frame):
        raise OutOfTime(f"more than {seconds} s")

    before = signal.signal(signal.SIGALRM, out_of_time)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
