// uses: visible-part, cover
// What a control says to those who see it, which may differ from its accessible name, and what would
// take a press on it instead of it.
(control) => {
  const part = visiblePart(control);
  return {
    says: [
      /^(INPUT|SELECT|TEXTAREA)$/.test(control.tagName) ? '' : control.innerText || '',
      /^(button|submit|reset)$/.test(control.type) ? control.value || '' : '',
      control.title || '',
      ...[...(control.labels || [])].map((label) => label.innerText || ''),
    ],
    cover: part ? cover(control, part) : '',
  };
}
