// Where a person would press to operate this control, and what would take the press there.
// A control of no size is operated through its label or the smallest visible box around it that
// holds no other control.
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
  for (const label of element.labels || []) candidates.push(label);
  const describe = (node) => {
    const id = node.id ? `#${node.id}` : '';
    const classes = [...node.classList].slice(0, 2).map((name) => `.${name}`).join('');
    return `${node.tagName.toLowerCase()}${id}${classes}`;
  };
  const deepest = (x, y) => {
    let hit = document.elementFromPoint(x, y);
    while (hit?.shadowRoot?.elementFromPoint(x, y) && hit.shadowRoot.elementFromPoint(x, y) !== hit)
      hit = hit.shadowRoot.elementFromPoint(x, y);
    return hit;
  };
  const within = (node, holder) => {
    for (; node; node = parentOf(node)) if (node === holder) return true;
    return false;
  };
  const visible = candidates.filter(sized);
  if (!visible.length) return { cover: '', name: '', part: null };
  const part = visible[0];
  part.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
  const rect = part.getBoundingClientRect();
  const x = rect.x + rect.width / 2;
  const y = rect.y + rect.height / 2;
  const hit = deepest(x, y);
  const labelled = [...(element.labels || [])].some((label) => hit && within(hit, label));
  const reached = hit && (within(hit, part) || within(part, hit) && hit.contains(element) || labelled);
  return { cover: reached ? '' : hit ? describe(hit) : 'nothing', name: describe(part), part };
}
