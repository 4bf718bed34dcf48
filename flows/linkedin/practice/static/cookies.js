// Puts the cookie question away once it is answered, and remembers the answer for half a year.
const veil = document.querySelector(".cookie-veil");
for (const button of veil.querySelectorAll("button[action-type]")) {
  button.addEventListener("click", () => {
    const answer = button.getAttribute("action-type").toLowerCase();
    document.cookie = `li_gc=practice-${answer}; path=/; max-age=15552000; samesite=lax`;
    veil.remove();
  });
}
