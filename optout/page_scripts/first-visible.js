// uses: mark
// Marks, for each of several selectors, the first element in page order that it matches and a person can
// see, and says for which of them there is one.
(asked) => {
  const seen = (element) => {
    const rect = element.getBoundingClientRect();
    return rect.width > 0 && rect.height > 0 && element.checkVisibility({ visibilityProperty: true });
  };
  return asked.map(([selector, name]) => {
    const found = selector && [...document.querySelectorAll(selector)].find(seen);
    if (found) mark(found, name);
    return Boolean(found);
  });
}
