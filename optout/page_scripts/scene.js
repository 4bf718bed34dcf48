// uses: named
// Which of the given selectors match something visible, which match at all, and what the page says in
// short texts, as soon as the page is there with its styles: before that, nothing is hidden yet.
// With `since`, resolves only once that answer differs from it, or the path has changed. Who is named is
// no part of that: it comes and goes while a page is still the same one.
({ selectors, traces, identity, since, limit_ms }) => {
  const squeeze = (text) => (text || '').replace(/\s+/g, ' ').trim();
  const visible = (element) => element.checkVisibility({ visibilityProperty: true });
  const look = () => ({
    url: location.origin + location.pathname,
    path: location.pathname,
    search: location.search,
    marks: selectors.filter((selector) => [...document.querySelectorAll(selector)].some(visible)),
    traces: traces.filter((selector) => document.querySelector(selector)),
    texts: [...document.querySelectorAll('h1,h2,h3,[role=alert],p,label,[aria-live]')]
      .filter(visible).map((element) => squeeze(element.textContent)).filter(Boolean)
      .slice(0, 60).map((text) => text.slice(0, 200)),
  });
  const styled = () =>
    [...document.querySelectorAll('link[rel~=stylesheet]:not([disabled])')].every((link) => link.sheet);
  const ready = () =>
    document.readyState === 'complete' || (document.readyState !== 'loading' && styled());
  const answered = (seen) => ({ ...seen, named: named(identity) });
  if (!since && ready()) return answered(look());
  const before = since && JSON.stringify({ ...since, named: undefined });
  return new Promise((resolve) => {
    const observer = new MutationObserver(() => check());
    const finish = (answer) => {
      observer.disconnect();
      clearTimeout(timer);
      resolve(answer);
    };
    // What is not ready yet is not looked at: every look makes the page be laid out.
    const check = () => {
      if (!ready()) return;
      const now = look();
      if (JSON.stringify(now) !== before) finish(answered(now));
    };
    const timer = setTimeout(() => finish(since ? null : answered(look())), limit_ms);
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    document.addEventListener('readystatechange', check);
    document.addEventListener('load', check, true);
    check();
  });
}
