// The first element in page order that a selector matches and a person can see; null where there is none.
(selector) =>
  [...document.querySelectorAll(selector)].find((element) => {
    const rect = element.getBoundingClientRect();
    return rect.width > 0 && rect.height > 0 && element.checkVisibility({ visibilityProperty: true });
  }) || null
