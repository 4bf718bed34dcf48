// Resolves at the next sign of life in the page: a change, a click, a mutation, or the time is over.
(limit_ms) =>
  new Promise((resolve) => {
    const KINDS = ['change', 'click', 'input'];
    const finish = () => {
      observer.disconnect();
      clearTimeout(timer);
      for (const kind of KINDS) document.removeEventListener(kind, soon, true);
      resolve();
    };
    // The page's own handlers run before the answer is given.
    const soon = () => setTimeout(finish);
    // What points the person to the control is no sign of theirs.
    const ours = ({ attributeName, target, addedNodes, removedNodes }) =>
      [target, ...addedNodes, ...removedNodes].some((node) => node.id === 'optout-note')
      || attributeName === 'data-optout-guide' || attributeName === 'data-optout-mark'
      || (attributeName === 'style' && target.hasAttribute('data-optout-guide'));
    const observer = new MutationObserver((changes) => { if (!changes.every(ours)) soon(); });
    const timer = setTimeout(finish, limit_ms);
    for (const kind of KINDS) document.addEventListener(kind, soon, true);
    observer.observe(document, { subtree: true, childList: true, attributes: true });
  })
