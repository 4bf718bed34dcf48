// The section that some elements stand in: its box, and the way to it for a snapshot.
({ elements, part, headings }) => {
  const parentOf = (node) => node.parentElement || (node.getRootNode().host ?? null);
  const squeeze = (text) => (text || '').replace(/\s+/g, ' ').trim();
  const CONTROLS = 'input[type=checkbox],input[type=radio],select,[role=switch],[role=checkbox]';
  const holds = (node, other) => {
    for (; other; other = parentOf(other)) if (other === node) return true;
    return false;
  };
  const start = part || elements[0];
  start.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
  let row = start;
  for (let node = start; node && node !== document.body; node = parentOf(node)) {
    const together = elements.every((element) => holds(node, element));
    const wide = node.querySelectorAll(CONTROLS).length > 1 || /^(MAIN|HTML|BODY)$/.test(node.tagName);
    if (together && elements.every((element) => holds(row, element)) && wide) break;
    row = node;
    if (elements.length > 1 && together) break;
  }
  let section = row;
  let heading = null;
  for (let node = row; node && !heading; node = parentOf(node)) {
    heading = [...node.querySelectorAll('h1,h2,h3,h4,h5,h6,[role=heading],legend')]
      .find((candidate) => headings.includes(squeeze(candidate.textContent))) || null;
    if (heading) section = node;
  }
  const rects = [heading, row, part].filter(Boolean).map((node) => node.getBoundingClientRect());
  const left = Math.min(...rects.map((rect) => rect.left));
  const top = Math.min(...rects.map((rect) => rect.top));
  const right = Math.max(...rects.map((rect) => rect.right));
  const bottom = Math.max(...rects.map((rect) => rect.bottom));
  const steps = [];
  for (let node = section; node; node = node.parentNode) {
    if (node instanceof ShadowRoot) {
      steps.unshift('>>');
      node = node.host;
    }
    if (!(node instanceof Element)) break;
    const place = [...(node.parentNode?.children || [])].indexOf(node) + 1;
    steps.unshift(`${node.tagName.toLowerCase()}:nth-child(${place})`);
  }
  const own = start.getBoundingClientRect();
  return {
    section: [left, top, right - left, bottom - top],
    control: [own.x, own.y, own.width, own.height],
    selector: steps.join(' > ').replaceAll(' > >> > ', ' >> '),
  };
}
