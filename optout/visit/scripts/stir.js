// Resolves at the next sign of life in the page: a change, a click, a mutation, or the time is over.
(limit_ms) =>
  new Promise((resolve) => {
    const finish = () => {
      observer.disconnect();
      clearTimeout(timer);
      for (const kind of ['change', 'click', 'input']) document.removeEventListener(kind, soon, true);
      resolve();
    };
    // The page's own handlers run before the answer is given.
    const soon = () => requestAnimationFrame(finish);
    const observer = new MutationObserver(soon);
    const timer = setTimeout(finish, limit_ms);
    for (const kind of ['change', 'click', 'input']) document.addEventListener(kind, soon, true);
    observer.observe(document, { subtree: true, childList: true, attributes: true });
  })
