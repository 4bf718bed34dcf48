// uses: roots
// What a picture needs to know of the window: its size, that of the page, where the line is that names the person, and the
// boxes of everything that is painted over, with how many elements each mask matches. The line is the mark itself, widened to the small box around
// it that holds the name, so that a picture and a name stay together. `reveal` brings it into view.
({ identity, masks, reveal }) => {
  const boxOf = (element) => {
    const rect = element.getBoundingClientRect();
    return rect.width && rect.height ? [rect.x, rect.y, rect.width, rect.height] : null;
  };
  const lineOf = (mark) => {
    if (reveal) mark.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
    let line = mark;
    for (let node = mark.parentElement; node; node = node.parentElement) {
      const rect = node.getBoundingClientRect();
      if (rect.width > 420 || rect.height > 90) break;
      line = node;
    }
    return boxOf(line);
  };
  const everywhere = roots();
  const all = (selectors) =>
    selectors.flatMap((one) => everywhere.flatMap((root) => [...root.querySelectorAll(one)]));
  const mark = all(identity).find(boxOf);
  return {
    view: [innerWidth, innerHeight],
    scroll: [scrollX, scrollY],
    page: [document.documentElement.scrollWidth, document.documentElement.scrollHeight],
    identity: mark ? lineOf(mark) : null,
    masks: all(masks).map(boxOf).filter(Boolean),
    matched: masks.map((mask) => all([mask]).length),
  };
}
