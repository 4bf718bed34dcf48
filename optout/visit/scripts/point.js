// Shows a person what to press: an outline around the control and a note at the top of the page.
// Neither takes clicks. With no element, both are taken away again.
([element, text]) => {
  const ID = 'optout-guide';
  document.getElementById(ID)?.remove();
  document.querySelectorAll(`[data-${ID}]`).forEach((marked) => {
    marked.style.outline = '';
    marked.removeAttribute(`data-${ID}`);
  });
  if (!element) return;
  element.scrollIntoView({ block: 'center', behavior: 'instant' });
  element.setAttribute(`data-${ID}`, '');
  element.style.outline = '3px solid #b3261e';
  const note = document.createElement('div');
  note.id = ID;
  note.textContent = text;
  Object.assign(note.style, {
    position: 'fixed', left: '50%', top: '12px', transform: 'translateX(-50%)', zIndex: '2147483647',
    maxWidth: '80vw', padding: '10px 16px', background: '#fff8e1', color: '#1b1b1b',
    border: '2px solid #b3261e', borderRadius: '6px', font: '16px/1.4 sans-serif',
    pointerEvents: 'none',
  });
  document.body.append(note);
}
