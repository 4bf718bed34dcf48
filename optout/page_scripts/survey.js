// uses: roots, shown, open-dialogs
// Describes every control in one frame, open shadow roots included, without touching anything.
// Returns {data, elements, dialogs}: plain data, and the elements it speaks of in the same order.
(embedded) => {
  const ROLES = {
    switch: '[role=switch]',
    checkbox: 'input[type=checkbox]:not([role]), [role=checkbox]',
    radio: 'input[type=radio]:not([role]), [role=radio]',
    combobox: 'select:not([multiple]), [role=combobox]',
    listbox: '[role=listbox]',
    button: 'button:not([role]), [role=button], summary, input[type=submit], input[type=button]',
    menuitem: '[role=menuitem], [role=menuitemradio], [role=menuitemcheckbox]',
    option: '[role=option]',
    link: 'a[href]:not([role]), [role=link]',
    tab: '[role=tab]',
  };
  const KEYS = ['id', 'name', 'aria-labelledby', 'aria-describedby', 'data-testid', 'value'];
  const squeeze = (text) => (text || '').replace(/\s+/g, ' ').trim();
  const parentOf = (node) => node.parentElement || (node.getRootNode().host ?? null);

  const everywhere = roots();
  const all = (selector) => everywhere.flatMap((root) => [...root.querySelectorAll(selector)]);
  const nameOf = (element) => {
    const ids = (element.getAttribute('aria-labelledby') || '').split(/\s+/).filter(Boolean);
    const root = element.getRootNode();
    const pointed = squeeze(ids.map((id) => root.getElementById?.(id)?.textContent).join(' '));
    if (pointed) return pointed;
    const stated = squeeze(element.getAttribute('aria-label'));
    if (stated) return stated;
    const labels = squeeze([...(element.labels || [])].map((label) => label.textContent).join(' '));
    if (labels) return labels;
    if (!/^(INPUT|SELECT|TEXTAREA)$/.test(element.tagName)) {
      const own = squeeze(element.textContent);
      if (own) return own;
    }
    const written = /^(submit|button)$/.test(element.type) && squeeze(element.value);
    return written || squeeze(element.getAttribute('title'));
  };
  const HEADINGS = 'h1,h2,h3,h4,h5,h6,[role=heading],legend';
  const levelOf = (heading) => {
    if (heading.tagName === 'LEGEND') return 7;
    return Number(heading.getAttribute('aria-level') || (/^H([1-6])$/.exec(heading.tagName) || [0, 2])[1]);
  };
  // The headings an element stands under, nearest first: each of a higher rank than the one before,
  // because a heading of the same rank belongs to the section before.
  const headingsOf = (element) => {
    const found = [];
    let rank = Infinity;
    // What stands above a dialog is no heading of what is in it.
    for (let node = parentOf(element); node; node = open.includes(node) ? null : parentOf(node))
      for (const heading of [node, node.shadowRoot].flatMap((root) =>
        [...(root?.querySelectorAll(HEADINGS) || [])]).reverse()) {
        const text = squeeze(heading.textContent);
        let here = element;  // what stands for it in the tree that the heading is in
        while (here && here.getRootNode() !== heading.getRootNode()) here = here.getRootNode().host;
        const above = here && heading.compareDocumentPosition(here) & Node.DOCUMENT_POSITION_FOLLOWING;
        const astray = heading.tagName === 'LEGEND' && !heading.parentElement.contains(element);
        if (!text || !above || astray || levelOf(heading) >= rank || !shown(heading)) continue;
        found.push(text);
        rank = levelOf(heading);
      }
    return found;
  };
  const CONTROLS = `${ROLES.switch},${ROLES.checkbox},${ROLES.radio},${ROLES.combobox}`;
  // A button that opens a list of options and shows the chosen one; native lists and boxes are not meant.
  const POPUP = 'button:is([aria-haspopup=true],[aria-haspopup=menu],[aria-haspopup=listbox],[role=combobox])';
  const rowOf = (element) => {
    let row = element;
    const stateful = element.matches(POPUP) ? `${CONTROLS},${POPUP}` : CONTROLS;
    for (let node = parentOf(element); node && node !== document.body; node = parentOf(node)) {
      const inside = [node, node.shadowRoot].map((root) => root?.querySelectorAll(stateful).length || 0);
      if (inside[0] + inside[1] > 1) break;
      if (/^(MAIN|HTML|BODY)$/.test(node.tagName)) break;
      row = node;
      if (open.includes(node)) break;
    }
    return row;
  };
  const textsIn = (row) => {
    const texts = [];
    const walk = (node) => {
      if (texts.length > 40) return;
      if (node.nodeType === Node.TEXT_NODE) {
        const text = squeeze(node.textContent);
        if (text && node.parentElement && shown(node.parentElement)) texts.push(text);
      } else if (!/^(SCRIPT|STYLE|CODE|TEMPLATE|OPTION)$/.test(node.nodeName))
        for (const child of [...node.childNodes, ...(node.shadowRoot?.childNodes || [])]) walk(child);
    };
    walk(row);
    return texts.map((text) => text.slice(0, 200));
  };

  const open = openDialogs();
  const dialogOf = (element) => {
    for (let node = element; node; node = parentOf(node)) if (open.includes(node)) return open.indexOf(node);
    return null;
  };

  const elements = [];
  const controls = [];
  for (const [role, selector] of Object.entries(ROLES))
    for (const element of all(selector)) {
      if (!shown(element)) continue;
      const stateful = /^(switch|checkbox|radio|combobox|listbox)$/.test(role);
      const native = 'checked' in element && /^(checkbox|radio)$/.test(element.type);
      const popup = element.matches(POPUP);
      const chosen = popup ? element : element.tagName === 'SELECT' ? element.selectedOptions[0] : null;
      elements.push(element);
      controls.push({
        role,
        name: nameOf(element).slice(0, 300),
        keys: Object.fromEntries(
          KEYS.filter((key) => element.hasAttribute(key)).map((key) => [key, element.getAttribute(key)])),
        checked: native ? element.checked : null,
        stated: element.indeterminate ? 'mixed' : element.getAttribute('aria-checked'),
        chosen: chosen ? squeeze(chosen.textContent) : null,
        options: [...(element.options || [])].map((option) => squeeze(option.textContent)),
        disabled: Boolean(element.disabled) || element.getAttribute('aria-disabled') === 'true'
          || element.getAttribute('aria-readonly') === 'true',
        busy: Boolean(element.closest('[aria-busy=true]')),
        headings: stateful || role === 'button' ? headingsOf(element) : [],
        beside: stateful || popup ? textsIn(rowOf(element)) : [],
        popup,
        href: element.tagName === 'A' ? element.pathname : null,
        dialog: dialogOf(element),
      });
    }
  const data = {
    language: document.documentElement?.lang || '',
    path: location.pathname,
    busy: Boolean(document.querySelector('main[aria-busy=true],body[aria-busy=true]')),
    text_length: squeeze(document.body?.innerText).length,
    embedded: embedded ? [...document.querySelectorAll(embedded)].map((e) => e.textContent) : [],
    controls,
    dialogs: open.map((dialog) => squeeze(dialog.innerText).slice(0, 400)),
  };
  return { data, elements, dialogs: open };
}
