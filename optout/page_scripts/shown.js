// Whether an element is there for people: not hidden, neither from eyes nor from screen readers.
(element) => {
  for (let node = element; node; node = node.parentElement || (node.getRootNode().host ?? null)) {
    const style = getComputedStyle(node);
    if (style.display === 'none' || style.visibility === 'hidden') return false;
    if (node.getAttribute('aria-hidden') === 'true' || node.inert) return false;
  }
  return true;
}
