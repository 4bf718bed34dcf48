// uses: shown
// The fields of a form that can be filled in, each with its name.
() =>
  [...document.querySelectorAll('input:not([type=hidden],[type=submit],[type=button]),select,textarea')]
    .filter((field) => shown(field) && !field.disabled && !field.readOnly)
    .map((field) => {
      const ids = (field.getAttribute('aria-labelledby') || '').split(/\s+/).filter(Boolean);
      const told = [
        ...ids.map((id) => document.getElementById(id)?.textContent),
        field.getAttribute('aria-label'),
        ...[...(field.labels || [])].map((label) => label.textContent),
        field.placeholder,
      ];
      const squeeze = (text) => text.replace(/\s+/g, ' ').trim();
      return {
        field,
        kind: field.type,
        name: squeeze(told.find((text) => text?.trim()) || ''),
        options: [...(field.options || [])].map((option) => squeeze(option.textContent)),
      };
    })
