// Which of the given selectors match something visible, and what the page says in short texts.
// With `since`, resolves only once that answer differs from it, or the path has changed.
({ selectors, since, limit_ms }) => {
  const squeeze = (text) => (text || '').replace(/\s+/g, ' ').trim();
  const visible = (element) => element.checkVisibility({ visibilityProperty: true });
  const look = () => ({
    path: location.pathname,
    search: location.search,
    ready: document.readyState !== 'loading',
    marks: selectors.filter((selector) => [...document.querySelectorAll(selector)].some(visible)),
    texts: [...document.querySelectorAll('h1,h2,h3,[role=alert],p,label,[aria-live]')]
      .filter(visible).map((element) => squeeze(element.textContent)).filter(Boolean)
      .slice(0, 60).map((text) => text.slice(0, 200)),
  });
  if (!since) return look();
  const before = JSON.stringify(since);
  return new Promise((resolve) => {
    const observer = new MutationObserver(() => check());
    const finish = (answer) => {
      observer.disconnect();
      clearTimeout(timer);
      resolve(answer);
    };
    const check = () => {
      const now = look();
      if (now.ready && JSON.stringify(now) !== before) finish(now);
    };
    const timer = setTimeout(() => finish(null), limit_ms);
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    document.addEventListener('readystatechange', check);
    check();
  });
}
