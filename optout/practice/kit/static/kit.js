// A settings page: puts the controls where they belong, saves each change, and says how it went.
// Rows say what they are by data-name and data-shape; the host around them says how the page behaves.
const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
const [METHOD, ADDRESS] = (document.body.dataset.saving || '').split(' ');
const headers = {
  'content-type': 'application/json',
  'x-practice-csrf': document.querySelector('meta[name=practice-csrf]')?.content || '',
};
const call = (method, address, body) =>
  fetch(address, { method, headers, body: JSON.stringify(body) }).then((answer) => answer.ok, () => false);

const partsOf = (row) => ({
  box: row.querySelector('input[type=checkbox]'),
  toggle: row.querySelector('[role=switch]'),
  list: row.querySelector('select'),
  opener: row.querySelector('[aria-haspopup]'),
  menu: row.querySelector('[role=menu]'),
});

function isOn(row) {
  const { box, toggle, list } = partsOf(row);
  if (box) return box.checked;
  if (toggle) return toggle.getAttribute('aria-checked') === 'true';
  if (list) return list.selectedIndex === 0;
  if (row.dataset.shape === 'menu-item') return partsOf(row).opener.textContent === 'On';
  return row.querySelector('[role=menuitemradio]')?.getAttribute('aria-checked') === 'true';
}

function show(row, on) {
  const { box, toggle, list, opener, menu } = partsOf(row);
  if (box) box.checked = on;
  if (toggle) toggle.setAttribute('aria-checked', String(on));
  if (list) list.selectedIndex = on ? 0 : 1;
  if (row.dataset.shape === 'menu-item') {
    opener.textContent = on ? 'On' : 'Off';
    opener.setAttribute('aria-label', JSON.parse(row.dataset.labels)[on ? 0 : 1]);
    menu.querySelector('[data-sets]').textContent = JSON.parse(row.dataset.choices)[on ? 0 : 1];
  }
  if (row.dataset.shape !== 'select-menu') return;
  [...menu.children].forEach((item, place) => item.setAttribute('aria-checked', String(on === (place === 0))));
  opener.textContent = menu.children[on ? 0 : 1].textContent;
}

function toast(text) {
  const message = document.createElement('p');
  message.className = 'toast';
  message.setAttribute('role', 'status');
  message.textContent = text;
  document.body.append(message);
  setTimeout(() => message.remove(), 4000);
}

function agreed(veil) {
  veil.hidden = false;
  return new Promise((done) => {
    const answer = (yes) => () => { veil.hidden = true; done(yes); };
    veil.querySelector('.yes').onclick = answer(true);
    veil.querySelector('.no').onclick = answer(false);
  });
}

async function send(host, root, row, on) {
  for (const [asks, question] of [['asks' in row.dataset, '.question'], ['confirm' in host.dataset, '.unknown']])
    if (asks && !(await agreed(root.querySelector(question)))) return show(row, !on);
  const delay = Number(host.dataset.saveAfter);
  if (delay) await wait(delay);
  const kept = await call(METHOD, ADDRESS, { name: row.dataset.name, on });
  const status = root.querySelector('.saved');
  if (kept && 'remember' in host.dataset) sessionStorage.setItem(row.dataset.name, on ? 'on' : 'off');
  if (!kept && !('keepOnFailure' in host.dataset)) show(row, !on);
  if (status) status.textContent = kept ? 'Settings saved.' : 'Failed to save settings.';
  else toast(kept ? 'Saved.' : 'This could not be saved.');
  if (kept && row.dataset.shape === 'menu-item') location.reload();
}

function changed(host, root, row, on) {
  show(row, on);
  const save = 'save' in row.dataset && root.querySelector('.save');
  if (!save) return send(host, root, row, on);
  save.disabled = false;
  save.onclick = () => { save.disabled = true; send(host, root, row, isOn(row)); };
}

function wire(host, root, row) {
  const { box, toggle, list, opener, menu } = partsOf(row);
  const act = (on) => changed(host, root, row, on);
  (box || list)?.addEventListener('change', () => act(isOn(row)));
  toggle?.addEventListener('click', () => act(!isOn(row)));
  opener?.addEventListener('click', () => {
    menu.hidden = !menu.hidden;
    opener.setAttribute('aria-expanded', String(!menu.hidden));
  });
  for (const item of menu?.querySelectorAll('[role=menuitemradio]') || [])
    item.addEventListener('click', () => {
      menu.hidden = true;
      if (item.getAttribute('aria-checked') !== 'true') act(item === menu.children[0]);
    });
  menu?.querySelector('[data-sets]')?.addEventListener('click', () => {
    menu.hidden = true;
    send(host, root, row, opener.textContent !== 'On');
  });
}

async function begin(host, root) {
  for (const row of root.querySelectorAll('[data-name]')) {
    const remembered = 'remember' in host.dataset && sessionStorage.getItem(row.dataset.name);
    if (remembered) show(row, remembered === 'on');
    wire(host, root, row);
  }
  for (const item of root.querySelectorAll('[data-destroys]'))
    item.addEventListener('click', () => call('POST', '/practice/destroy', {}));
  if (!('lateState' in host.dataset)) return;
  const row = [...root.querySelectorAll('[data-name]')].at(-1);
  const answer = await fetch(`/practice/state?name=${row.dataset.name}`);
  show(row, (await answer.json()).on);
}

async function mount(host) {
  const template = host.querySelector('template');
  if (!template) return begin(host, host);
  await wait(Number(host.dataset.appearAfter));
  const root = host.dataset.shadow ? host.attachShadow({ mode: host.dataset.shadow }) : host;
  root.replaceChildren(template.content.cloneNode(true));
  return begin(host, root);
}

// What opens something says so: data-opens on any event, data-opens-at for an address.
for (const opener of document.querySelectorAll('[data-opens]'))
  opener.addEventListener(opener.dataset.on || 'click', () => {
    document.getElementById(opener.dataset.opens).hidden = false;
  });
for (const opened of document.querySelectorAll('[data-opens-at]'))
  if (location.hash === opened.dataset.opensAt) opened.hidden = false;
for (const closer of document.querySelectorAll('.banner button'))
  closer.addEventListener('click', () => closer.closest('.banner').remove());
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') for (const menu of document.querySelectorAll('[role=menu]')) menu.hidden = true;
});
document.querySelectorAll('.host').forEach(mount);
