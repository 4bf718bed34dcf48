// Shows a person a note at the top of the window, above whatever is open there; takes no clicks. An
// empty text takes it away.
(text) => {
  const ID = 'optout-note';
  const shown = document.getElementById(ID);
  if (shown && shown.textContent === text && text) {
    // Shown anew, so that a dialog that has opened meanwhile does not hide it.
    shown.hidePopover();
    shown.showPopover();
    return;
  }
  shown?.remove();
  if (!text) return;
  const note = document.createElement('div');
  note.id = ID;
  note.popover = 'manual';
  note.textContent = text;
  Object.assign(note.style, {
    position: 'fixed', inset: '12px 0 auto 0', margin: '0 auto', width: 'max-content', maxWidth: '80vw',
    padding: '10px 16px', background: '#fff8e1', color: '#1b1b1b', border: '2px solid #b3261e',
    borderRadius: '6px', font: '16px/1.4 sans-serif', pointerEvents: 'none',
  });
  document.body.append(note);
  note.showPopover();
}
