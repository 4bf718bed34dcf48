"""One visit: browser, fence, sign-in, read, act, read again after a fresh load."""

import os

from optout.accounts.redact import quiet_playwright_debug

# Here, because Playwright looks for them once, when it is imported by any module of this room.
quiet_playwright_debug(os.environ)
