// uses: visible-part, cover, mark
// Marks the part of a control that is to be pressed, or the control itself where it has no visible part.
// Tells what the control says to those who see it, which may differ from its accessible name, and what
// would take the press instead of it.
(control, name) => {
  const part = visiblePart(control);
  mark(part || control, name);
  return {
    says: [
      /^(INPUT|SELECT|TEXTAREA)$/.test(control.tagName) ? '' : control.innerText || '',
      /^(button|submit|reset)$/.test(control.type) ? control.value || '' : '',
      control.title || '',
      ...[...(control.labels || [])].map((label) => label.innerText || ''),
    ],
    visible: Boolean(part),
    replaced: !control.isConnected,
    cover: part ? cover(control, part) : '',
  };
}
