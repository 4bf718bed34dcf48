// The box of the line that names the person: the mark itself, widened to the small box around it that
// holds the name, so that a picture and a name stay together.
(selectors) => {
  for (const selector of selectors)
    for (const element of document.querySelectorAll(selector)) {
      let line = element;
      for (let node = element.parentElement; node; node = node.parentElement) {
        const rect = node.getBoundingClientRect();
        if (rect.width > 420 || rect.height > 90) break;
        line = node;
      }
      const rect = line.getBoundingClientRect();
      if (rect.width && rect.height) return [rect.x, rect.y, rect.width, rect.height];
    }
  return null;
}
