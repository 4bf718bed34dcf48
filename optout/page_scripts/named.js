// The name that a page gives the person who is signed in; empty where it names nobody.
(marks) => {
  for (const [selector, attribute] of marks)
    for (const element of document.querySelectorAll(selector)) {
      const text = attribute ? element.getAttribute(attribute) : element.innerText;
      const name = (text || '').replace(/\s+/g, ' ').trim();
      if (name) return name;
    }
  return '';
}
