// uses: visible-part
// The row that some elements stand in, the heading above it, and what else belongs into a picture: the
// box of each and how much of it shows, and the way to the row for a snapshot. `focus` says what is
// brought into view: the row's control or its heading.
({ held, also_held, headings, focus }) => {
  const listed = (of) => (of ? of.places.map((place) => of.holder.elements[place]) : []);
  const elements = listed(held);
  const also = listed(also_held);
  const parentOf = (node) => node.parentElement || (node.getRootNode().host ?? null);
  const squeeze = (text) => (text || '').replace(/\s+/g, ' ').trim();
  const BOXES = 'input[type=checkbox],input[type=radio],select,[role=switch],[role=checkbox]';
  const CONTROLS = elements[0].ariaHasPopup ? `${BOXES},button[aria-haspopup]` : BOXES;
  const holds = (node, other) => {
    for (; other; other = parentOf(other)) if (other === node) return true;
    return false;
  };
  const start = visiblePart(elements[0]) || elements[0];
  // What lies behind a dialog is somebody's page, and no part of the setting.
  const isWhole = (node) => node.matches('dialog,[role=dialog],[role=alertdialog],[aria-modal=true]');
  let row = start;
  for (let node = start; node && node !== document.body; node = parentOf(node)) {
    const together = elements.every((element) => holds(node, element));
    const wide = node.querySelectorAll(CONTROLS).length > 1 || /^(MAIN|HTML|BODY)$/.test(node.tagName);
    if (together && elements.every((element) => holds(row, element)) && wide) break;
    row = node;
    if (together && (isWhole(node) || elements.length > 1)) break;
  }
  let heading = null;
  for (let node = row; node && !heading; node = isWhole(node) ? null : parentOf(node))
    heading = [...node.querySelectorAll('h1,h2,h3,h4,h5,h6,[role=heading],legend')]
      .find((candidate) => headings.includes(squeeze(candidate.textContent))) || null;

  // The boxes that scroll or hide an element, which are not simply those around it: what is fixed or on
  // top of the page is held by none of them.
  const holdersOf = (element) => {
    const holders = [];
    let node = element;
    while (node && node !== document.body) {
      const { position } = getComputedStyle(node);
      if (position === 'fixed' || node.matches(':modal, :popover-open')) break;
      do node = parentOf(node);
      while (node && position === 'absolute' && getComputedStyle(node).position === 'static');
      if (node && node !== document.body && node !== document.documentElement
          && getComputedStyle(node).overflow !== 'visible') holders.push(node);
    }
    return holders;
  };
  const edgesOf = (node) => {
    const { left, top, right, bottom } = node.getBoundingClientRect();
    return [left, top, right, bottom];
  };
  const join = (all, low, high) => [0, 1, 2, 3].map((side) =>
    (side < 2 ? low : high)(...all.map((edges) => edges[side])));
  const boxOf = ([left, top, right, bottom]) =>
    [left, top, Math.max(0, right - left), Math.max(0, bottom - top)];
  const placeOf = (nodes) => {
    if (!nodes.length) return null;
    const whole = join(nodes.map(edgesOf), Math.min, Math.max);
    const shown = join([whole, ...holdersOf(nodes[0]).map(edgesOf)], Math.max, Math.min);
    return { whole: boxOf(whole), shown: boxOf(shown) };
  };
  const steps = [];
  for (let node = row; node; node = node.parentNode) {
    if (node instanceof ShadowRoot) {
      steps.unshift('>>');
      node = node.host;
    }
    if (!(node instanceof Element)) break;
    const place = [...(node.parentNode?.children || [])].indexOf(node) + 1;
    steps.unshift(`${node.tagName.toLowerCase()}:nth-child(${place})`);
  }
  const target = focus === 'heading' && heading ? heading : start;
  target.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
  return {
    row: placeOf([row]),
    control: start.getBoundingClientRect().width ? placeOf([start]) : null,
    heading: placeOf(heading ? [heading] : []),
    more: placeOf(also),
    selector: steps.join(' > ').replaceAll(' > >> > ', ' >> '),
    outside: [...(heading ? [heading] : []), ...also].filter((node) => !holds(row, node)).map((node) =>
      `- ${node === heading ? 'heading' : node.getAttribute('role')} ${JSON.stringify(squeeze(node.textContent))}`),
  };
}
