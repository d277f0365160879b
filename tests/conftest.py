"""What holds for all tests."""

import signal

from hypothesis import settings

settings.register_profile("untimed", deadline=None)  # machines are shared: no test asserts a time
settings.load_profile("untimed")

# A shell that starts the suite in the background has these ignored, and every command would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
