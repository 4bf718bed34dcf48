// Leaves a mark on an element by which the browser's driver finds that very one again. The page does
// nothing with it.
(element, mark) => element.setAttribute('data-optout-mark', mark)
