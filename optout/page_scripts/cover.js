// What would take a press on this part of a control instead of it; empty where nothing would.
(element, part) => {
  const parentOf = (node) => node.parentElement || (node.getRootNode().host ?? null);
  const within = (node, holder) => {
    for (; node; node = parentOf(node)) if (node === holder) return true;
    return false;
  };
  const rect = part.getBoundingClientRect();
  const [x, y] = [rect.x + rect.width / 2, rect.y + rect.height / 2];
  let hit = document.elementFromPoint(x, y);
  for (let inner = hit; inner && inner.shadowRoot; ) {
    inner = inner.shadowRoot.elementFromPoint(x, y);
    if (!inner || inner === hit) break;
    hit = inner;
  }
  if (!hit) return 'nothing';
  const labelled = [...(element.labels || [])].some((label) => within(hit, label));
  if (labelled || within(hit, part) || (within(part, hit) && within(element, hit))) return '';
  const id = hit.id ? `#${hit.id}` : '';
  const classes = [...hit.classList].slice(0, 2).map((name) => `.${name}`).join('');
  return `${hit.tagName.toLowerCase()}${id}${classes}`;
}
