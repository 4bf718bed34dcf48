"""One visit: browser, fence, sign-in, read, act, read again after a fresh load."""
