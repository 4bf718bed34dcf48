// The form without a form element: sends by script, shows errors in place, never reloads.
const screen = document.querySelector("[data-sdui-screen]");
const fields = screen.querySelector(".login-fields");
const [user, password] = fields.querySelectorAll("input[autocomplete]");
const remember = fields.querySelector("input[type=checkbox]");
const feedback = fields.querySelector("[data-view-name]");
const submit = fields.querySelector("[data-submit]");

const csrfToken = () => (document.cookie.match(/JSESSIONID="?([^";]+)/) || [])[1] || "";

async function signIn() {
  feedback.textContent = "";
  const answer = await fetch("/flagship-web/rsc-action/actions/server-request", {
    method: "POST",
    headers: { "csrf-token": csrfToken(), "content-type": "application/json" },
    body: JSON.stringify({
      requestId: "com.linkedin.sdui.requests.login.authenticate",
      payload: {
        identifier: user.value,
        password: password.value,
        rememberMeOptInCheckboxState: remember.checked ? "Checked" : "Unchecked",
        authenticationType: "AuthenticationType_PASSWORD",
        sessionRedirect: screen.dataset.redirect,
      },
    }),
  });
  if (!answer.ok) {
    feedback.textContent = "Something went wrong. Please try again later.";
    return;
  }
  const result = await answer.json();
  if (result.completionAction) {
    location.assign(result.completionAction.url);
  } else {
    feedback.textContent = result.text;
  }
}

if (submit) {
  const allow = () => { submit.disabled = !(user.value && password.value); };
  user.addEventListener("input", allow);
  password.addEventListener("input", allow);
  submit.addEventListener("click", signIn);
  allow();
} else {
  fields.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && user.value && password.value) signIn();
  });
}
for (const button of screen.querySelectorAll("[data-elsewhere]")) {
  button.addEventListener("click", () => location.assign(button.dataset.elsewhere));
}
