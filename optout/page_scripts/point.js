// uses: roots, visible-part
// Outlines what a person is to press of a control and brings it into view; takes no clicks. Without a
// control nothing is outlined any more. What is outlined already is left where it is.
(control) => {
  const MARK = 'data-optout-guide';
  const element = control && (visiblePart(control) || control);
  if (element?.hasAttribute(MARK)) return;
  for (const other of roots().flatMap((root) => [...root.querySelectorAll(`[${MARK}]`)])) {
    other.style.outline = other.getAttribute(MARK);
    other.removeAttribute(MARK);
  }
  if (!element) return;
  element.setAttribute(MARK, element.style.outline);
  element.style.outline = '3px solid #b3261e';
  element.scrollIntoView({ block: 'center', behavior: 'instant' });
}
