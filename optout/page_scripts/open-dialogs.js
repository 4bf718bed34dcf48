// uses: roots, shown
// The dialogs that are open, as elements.
() =>
  roots()
    .flatMap((root) => [
      ...root.querySelectorAll('dialog[open],[role=dialog],[role=alertdialog],[aria-modal=true]')])
    .filter(shown)
