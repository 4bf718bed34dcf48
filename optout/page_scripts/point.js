// Outlines the element that a person is to press and brings it into view; takes no clicks. With `on`
// false the page's own outline is back. An element that is outlined already is left where it is.
(element, on) => {
  const MARK = 'data-optout-guide';
  if (on === element.hasAttribute(MARK)) return;
  if (!on) {
    element.style.outline = element.getAttribute(MARK);
    element.removeAttribute(MARK);
    return;
  }
  element.setAttribute(MARK, element.style.outline);
  element.style.outline = '3px solid #b3261e';
  element.scrollIntoView({ block: 'center', behavior: 'instant' });
}
