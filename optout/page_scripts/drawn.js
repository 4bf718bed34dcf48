// Resolves once the page is drawn the next time, or `limit_ms` are over: a window that nobody can see may
// not be drawn at all.
(limit_ms) =>
  new Promise((resolve) => {
    requestAnimationFrame(() => resolve());
    setTimeout(resolve, limit_ms);
  })
