// What a control stands on at this moment; 'gone' where the page has put another in its place.
(element) => {
  if (!element.isConnected) return 'gone';
  if (element.indeterminate) return 'mixed';
  const stated = element.getAttribute('aria-checked');
  const native = 'checked' in element && /^(checkbox|radio)$/.test(element.type);
  if (native || stated !== null) {
    const state = native ? element.checked : stated;
    return { true: 'on', false: 'off' }[state] ?? state;
  }
  const chosen = element.tagName === 'SELECT' ? element.selectedOptions[0] : element;
  return (chosen?.textContent || '').replace(/\s+/g, ' ').trim().slice(0, 80);
}
