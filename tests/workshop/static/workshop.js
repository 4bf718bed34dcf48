// Every shape a control can have here, told by attributes: data-key and data-auto save at once,
// data-ask and data-native ask before, data-opens and data-menu open something.
const answerTo = (id) => new Promise((done) => {
  const box = document.getElementById(id);
  if (box.showModal) box.showModal(); else box.hidden = false;
  for (const button of box.querySelectorAll("[data-answer]"))
    button.onclick = () => {
      if (box.close) box.close(); else box.hidden = true;
      done(button.dataset.answer === "yes");
    };
});

const send = async (key, allowed) => {
  const answer = await fetch(`/api/${key}`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ allowed }),
  });
  return answer.ok;
};

const isOn = (control) => {
  if (control.tagName === "SELECT") return control.value !== "Disabled";
  return control.type ? (control.checked ?? false) : control.getAttribute("aria-checked") === "true";
};

const draw = (control, on) => {
  if (control.type === "checkbox") control.checked = on;
  if (!control.hasAttribute("aria-checked")) return;
  control.setAttribute("aria-checked", String(on));
  const state = control.parentElement.querySelector(".state");
  if (state) state.textContent = on ? "On" : "Off";
};

const change = async (control, on, before) => {
  if (control.dataset.native && !confirm(control.dataset.native)) return draw(control, before);
  if (control.dataset.ask && !(await answerTo(control.dataset.ask))) return draw(control, before);
  draw(control, on);
  const allowed = "meansOut" in control.dataset ? !on : on;
  if (!(await send(control.dataset.key, allowed))) draw(control, before);
};

const wireControl = (control) => {
  if (/^(INPUT|SELECT)$/.test(control.tagName)) {
    const before = isOn(control);
    control.addEventListener("change", () => change(control, isOn(control), before));
  } else if (control.getAttribute("role") === "menuitem") {
    control.addEventListener("click", async () => {
      control.parentElement.hidden = true;
      await change(control, false, true);
      location.reload();
    });
  } else {
    const flip = () => {
      const on = control.getAttribute("aria-checked") === "true";
      change(control, !on, on);
    };
    control.addEventListener("click", flip);
  }
};

const wire = (root) => {
  root.querySelectorAll("[data-auto]").forEach(wireControl);
  for (const opener of root.querySelectorAll("[data-opens]"))
    opener.onclick = () => document.getElementById(opener.dataset.opens).showModal();
  for (const opener of root.querySelectorAll("[data-menu]")) {
    const menu = document.getElementById(opener.dataset.menu);
    opener.onclick = () => { menu.hidden = !menu.hidden; };
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") menu.hidden = true; });
  }
  for (const form of root.querySelectorAll("[data-saved-by-button]")) {
    const box = form.querySelector("input");
    const save = form.querySelector(".save");
    box.addEventListener("change", () => { save.disabled = box.checked === box.defaultChecked; });
    save.onclick = async () => {
      const kept = await send(form.dataset.key, !box.checked);
      form.querySelector("[role=status]").textContent = kept ? "Settings saved." : "Failed to save settings.";
    };
  }
  for (const box of root.querySelectorAll("[data-half]")) box.indeterminate = true;
  for (const box of root.querySelectorAll("[data-unsaved]"))
    box.addEventListener("change", () => {
      addEventListener("beforeunload", (event) => event.preventDefault());
    });
};

const shadow = (name, template) => {
  const source = document.getElementById(template);
  if (!source) return;
  customElements.define(name, class extends HTMLElement {
    connectedCallback() {
      const root = this.attachShadow({ mode: "open" });
      root.append(source.content.cloneNode(true));
      wire(root);
    }
  });
};

wire(document);
shadow("deep-part", "deep");
shadow("outer-part", "middle");
