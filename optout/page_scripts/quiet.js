// Resolves once nothing in the page has moved for `quiet_ms`, or `limit_ms` are over.
({ quiet_ms, limit_ms }) =>
  new Promise((resolve) => {
    let timer;
    const finish = () => {
      observer.disconnect();
      clearTimeout(timer);
      clearTimeout(limit);
      resolve();
    };
    const again = () => {
      clearTimeout(timer);
      timer = setTimeout(finish, quiet_ms);
    };
    const observer = new MutationObserver(again);
    const limit = setTimeout(finish, limit_ms);
    const watch = (root) => {
      observer.observe(root, { subtree: true, childList: true, attributes: true, characterData: true });
      for (const element of root.querySelectorAll('*')) if (element.shadowRoot) watch(element.shadowRoot);
    };
    watch(document);
    again();
  })
