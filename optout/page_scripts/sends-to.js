// Where the forms around marked fields, and each of their buttons, would send them; null for a field that
// is gone. Asked in a way that no field's name can answer.
(marks) => {
  const sent = (kind, name) => Object.getOwnPropertyDescriptor(kind.prototype, name).get;
  const addressesOf = (form) => {
    const buttons = [...document.querySelectorAll('[formaction]')].filter((one) => one.form === form);
    return [
      sent(HTMLFormElement, 'action').call(form),
      ...buttons.map((button) => new URL(button.getAttribute('formaction'), document.baseURI).href),
    ];
  };
  const fields = marks.map((mark) => document.querySelector(`[data-optout-mark="${mark}"]`));
  return fields.flatMap((field) => (field ? (field.form ? addressesOf(field.form) : []) : [null]));
}
