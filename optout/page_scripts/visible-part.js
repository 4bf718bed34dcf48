// The part of a control that a person would press: the control itself, or, where that has no size, its
// label or the smallest visible box around it that holds no other control. Brings it into view.
(element) => {
  const CONTROLS = 'input,select,button,textarea,a[href],[role=switch],[role=checkbox],[role=radio]';
  const parentOf = (node) => node.parentElement || (node.getRootNode().host ?? null);
  const sized = (node) => {
    const rect = node.getBoundingClientRect();
    return rect.width >= 4 && rect.height >= 4;
  };
  const candidates = [element];
  for (let node = parentOf(element); node && node !== document.body; node = parentOf(node)) {
    const others = [...node.querySelectorAll(CONTROLS)].filter((other) => other !== element);
    if (others.length) break;
    candidates.push(node);
  }
  candidates.push(...(element.labels || []));
  const part = candidates.find(sized) || null;
  part?.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
  return part;
}
