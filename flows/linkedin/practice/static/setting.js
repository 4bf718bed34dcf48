// A settings page: puts the switches where they belong, saves each change, and says how it went.
// Loaded before the page is read, so that no switch is ever in view that nobody listens to.
let host;
const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
const csrfToken = () => (document.cookie.match(/JSESSIONID="?([^";]+)/) || [])[1] || "";
const address = (key) => `/mysettings-api/settingsApiSettings/${key}`;
const entities = new Map();

async function entity(key) {
  if (!entities.has(key)) {
    const answer = await fetch(address(key), { headers: { "csrf-token": csrfToken() } });
    entities.set(key, await answer.json());
  }
  return entities.get(key);
}

function readEmbedded() {
  for (const code of document.querySelectorAll("code[hidden]")) {
    for (const each of JSON.parse(code.textContent).included) entities.set(each.key, each);
  }
}

function toast(text) {
  const item = document.createElement("div");
  item.className = "artdeco-toast-item";
  item.setAttribute("data-test-artdeco-toast-item", "");
  const message = document.createElement("p");
  message.className = "artdeco-toast-item__message";
  message.textContent = text;
  item.append(message);
  document.querySelector(".toasts").replaceChildren(item);
  setTimeout(() => item.remove(), 5000);
}

function show(block, on) {
  block.querySelector("input").checked = on;
  const state = block.querySelector(".setting-toggle__state");
  state.textContent = on ? state.dataset.on : state.dataset.off;
}

async function send(key, on) {
  const { settingDisplayType, entityUrn, hasChild, onValue, offValue } = await entity(key);
  const value = on ? onValue : offValue;
  const answer = await fetch(address(key), {
    method: "PUT",
    headers: {
      "csrf-token": csrfToken(),
      "X-RestLi-Protocol-Version": "2.0.0",
      "Content-Type": "application/json",
    },
    body: JSON.stringify({ key, value, settingDisplayType, entityUrn, hasChild }),
  });
  return answer.ok;
}

function confirmed(block) {
  const veil = block.getRootNode().querySelector(".confirm-veil");
  veil.hidden = false;
  return new Promise((done) => {
    const close = (yes) => () => { veil.hidden = true; done(yes); };
    veil.querySelector(".confirm-yes").onclick = close(true);
    veil.querySelector(".confirm-no").onclick = close(false);
  });
}

async function save(block, on) {
  const key = block.dataset.key;
  show(block, on);
  if ("confirm" in host.dataset && !(await confirmed(block))) {
    show(block, !on);
    return;
  }
  const delay = Number(host.dataset.saveAfter);
  if (delay) await wait(delay);
  const kept = await send(key, on).catch(() => false);
  if (kept) {
    if ("remember" in host.dataset) sessionStorage.setItem(key, on ? "on" : "off");
    toast("Your change has been saved.");
  } else if (!("keepOnFailure" in host.dataset)) {
    show(block, !on);
    toast("Your change could not be saved. Please try again.");
  }
}

async function ask(block) {
  await wait(Number(host.dataset.askAfter));
  entities.delete(block.dataset.key);
  const { value, onValue } = await entity(block.dataset.key);
  show(block, value === onValue);
}

function changed(event) {
  host = document.querySelector(".setting-host");
  const block = event.target.closest(".setting-toggle");
  if (block) save(block, event.target.checked);
}

function begin(root) {
  for (const block of root.querySelectorAll(".setting-toggle")) {
    const remembered = sessionStorage.getItem(block.dataset.key);
    if ("remember" in host.dataset && remembered) show(block, remembered === "on");
    if ("askAfter" in host.dataset) ask(block);
  }
}

async function mount() {
  host = document.querySelector(".setting-host");
  if (!host) return;
  readEmbedded();
  const template = host.querySelector("template");
  if (!template) {
    begin(host);
    return;
  }
  if ("appearAfter" in host.dataset) await wait(Number(host.dataset.appearAfter));
  const root = host.dataset.shadow ? host.attachShadow({ mode: host.dataset.shadow }) : host;
  // A change inside a shadow root is not heard outside of it.
  if (root !== host) root.addEventListener("change", changed);
  root.replaceChildren(template.content.cloneNode(true));
  begin(root);
}

document.addEventListener("click", (event) => {
  if (event.target.closest(".destroy")) fetch("/mysettings-api/everything", { method: "DELETE" });
});
document.addEventListener("change", changed);
document.addEventListener("DOMContentLoaded", mount);
