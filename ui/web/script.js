// Runs once, when the hidden bridge loads: `element`, `trigger` and `watch` are Gradio's.
// It turns clicks into events for the server, and moves what only the page itself has to do with.
const EVENTS = ['issue', 'paper', 'search', 'fetch', 'begin', 'cancel', 'dismiss', 'pin', 'evidence'];
const VIEWS = { issue: 'list', paper: 'reader', search: 'found' };
const body = document.body;
const drawer = () => document.getElementById('zd-drawer');
const find = (id) => document.getElementById('zd-' + id);
let opener = null; // what opened the drawer, to give the focus back
let leaving = false; // the drawer was closed, and its step back has not come yet
let scrolled = 0; // how far the list was, to come back there

function tell(name, value) {
  if (EVENTS.includes(name)) trigger(name, { value: value });
}

function view(name) {
  const before = body.dataset.view || 'list';
  if (before === 'list' && name !== 'list') scrolled = window.scrollY;
  body.dataset.view = name;
  window.scrollTo(0, name === 'list' && before !== 'list' ? scrolled : 0);
}

function wait(name) {
  const there = find(name);
  if (there) there.setAttribute('aria-busy', 'true');
  if (name !== 'list') view(name);
}

function came(name) {
  const there = find(name);
  if (there) there.removeAttribute('aria-busy');
  if (name === 'drawer') return arrived();
  if (name === 'list') {
    view('list');
    window.scrollTo(0, 0);
    filter();
  }
}

// the drawer

function openDrawer(link) {
  const href = link.getAttribute('href');
  if (!drawer().contains(link)) opener = link;
  document.querySelectorAll('.zd-active').forEach((one) => one.classList.remove('zd-active'));
  const said = opener && opener.closest('.zd-said');
  if (said) said.classList.add('zd-active');
  if (!body.classList.contains('zd-drawer-open') && !leaving) step();
  body.classList.add('zd-drawer-open');
  drawer().setAttribute('aria-busy', 'true');
  tell('evidence', href.slice(3));
}

function arrived() {
  const room = drawer();
  room.removeAttribute('aria-busy');
  if (!body.classList.contains('zd-drawer-open')) return;
  const close = room.querySelector('.zd-close');
  if (close && !room.contains(document.activeElement)) close.focus({ preventScroll: true });
  aim();
}

function aim() {
  const leaves = drawer().querySelector('.zd-leaves');
  const mark = leaves && leaves.querySelector('.zd-mark');
  if (!mark) return;
  const here = mark.getBoundingClientRect();
  const room = leaves.getBoundingClientRect();
  leaves.scrollTop += here.top - room.top - room.height / 3;
  leaves.scrollLeft += here.left - room.left - 24;
}

function closeDrawer() {
  if (!body.classList.contains('zd-drawer-open')) return false;
  if (stepped()) {
    leaving = true;
    window.history.back();
  }
  return hideDrawer();
}

function hideDrawer() {
  body.classList.remove('zd-drawer-open');
  document.querySelectorAll('.zd-active').forEach((one) => one.classList.remove('zd-active'));
  const back = opener && document.contains(opener) ? opener : opener && same(opener.getAttribute('href'));
  if (back) back.focus({ preventScroll: true });
  opener = null;
  return true;
}

// an open drawer is a step of the browser's history, so that Back closes it and stays on the page

function stepped() {
  return Boolean(window.history.state && window.history.state.zdDrawer);
}

function step() {
  if (!stepped()) window.history.pushState({ ...window.history.state, zdDrawer: true }, '');
}

window.addEventListener('popstate', () => {
  const open = body.classList.contains('zd-drawer-open');
  if (leaving && open) step(); // it was opened again meanwhile
  else if (open && !stepped()) hideDrawer();
  leaving = false;
});

function same(href) {
  return Array.from(document.querySelectorAll('a.cite')).find((one) => one.getAttribute('href') === href);
}

// filters

function filter() {
  const form = document.querySelector('[data-filters]');
  if (!form) return;
  const category = form.elements.category.value;
  const mark = form.elements.mark.value;
  const topic = form.elements.topic.value.trim().toLowerCase();
  const cards = Array.from(document.querySelectorAll('.zd-card'));
  let shown = 0;
  for (const card of cards) {
    const fits =
      (!category || card.dataset.categories.split(' ').includes(category)) &&
      (!mark || card.dataset.marks.split(' ').includes(mark)) &&
      (!topic || card.dataset.words.includes(topic));
    card.hidden = !fits;
    shown += fits ? 1 : 0;
  }
  const said = form.querySelector('output');
  said.textContent = said.dataset.counted.replace('{shown}', shown).replace('{all}', cards.length);
  const none = document.getElementById('zd-none');
  if (none) none.hidden = shown > 0;
}

// light and dark

function paint(mode) {
  body.classList.toggle('dark', mode === 'dark');
  document.documentElement.style.colorScheme = mode;
}

const DO = {
  close: closeDrawer,
  list: () => view('list'),
  side: () => body.classList.toggle('zd-side-open'),
  clear: () => {
    document.querySelector('[data-filters]').reset();
    filter();
  },
  theme: () => {
    const mode = body.classList.contains('dark') ? 'light' : 'dark';
    paint(mode);
    try {
      localStorage.setItem('zhengdu-theme', mode);
    } catch (e) {
      // private windows keep nothing
    }
  },
};

// files: fetched by the page, so that what goes wrong can be said

async function save(link) {
  const state = link.parentElement.querySelector('.zd-file-state');
  if (link.getAttribute('aria-disabled') === 'true') return;
  link.setAttribute('aria-disabled', 'true');
  state.textContent = state.dataset.wait;
  try {
    const answer = await fetch(link.href);
    if (!answer.ok) throw new Error((await answer.text()) || String(answer.status));
    const file = document.createElement('a');
    file.href = URL.createObjectURL(await answer.blob());
    file.download = link.download;
    file.click();
    window.setTimeout(() => URL.revokeObjectURL(file.href), 10000);
    state.textContent = '';
  } catch (error) {
    state.textContent = state.dataset.failed.replace('{message}', error.message);
  }
  link.removeAttribute('aria-disabled');
}

document.addEventListener('click', (event) => {
  const file = event.target.closest('a.zd-file');
  if (!file) return;
  event.preventDefault();
  save(file);
});

document.addEventListener('click', (event) => {
  const link = event.target.closest('a.cite');
  if (link && (link.getAttribute('href') || '').startsWith('#e:')) {
    event.preventDefault();
    return openDrawer(link);
  }
  const own = event.target.closest('[data-do]');
  if (own && DO[own.dataset.do]) return DO[own.dataset.do]();
  const act = event.target.closest('[data-act]');
  if (!act) return;
  const name = act.dataset.act;
  if (VIEWS[name]) wait(VIEWS[name]);
  if (name === 'issue') body.classList.remove('zd-side-open');
  tell(name, act.dataset.value);
});

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form.matches('[data-filters]')) return event.preventDefault();
  const name = form.dataset.submit;
  if (!name) return;
  event.preventDefault();
  if (VIEWS[name]) wait(VIEWS[name]);
  if (name === 'fetch') body.classList.remove('zd-side-open');
  tell(name, Object.fromEntries(new FormData(form)));
});

document.addEventListener('input', (event) => {
  if (event.target.closest('[data-filters]')) filter();
});

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || event.isComposing) return;
  if (closeDrawer()) return event.preventDefault();
  if (body.classList.contains('zd-side-open')) body.classList.remove('zd-side-open');
  else if (body.dataset.view && body.dataset.view !== 'list' && !event.target.closest('input, textarea')) view('list');
});

// a figure on its way leaves no empty frame, one that could not be had no hole
document.addEventListener('load', (event) => event.target.classList?.add('zd-there'), true);
document.addEventListener(
  'error',
  (event) => {
    const picture = event.target;
    if (picture.tagName === 'IMG' && picture.src.includes('/pictures/')) {
      const frame = picture.closest('figure.zd-figure');
      (frame || picture).hidden = true;
    }
  },
  true,
);

window.zd = { came: came };
body.dataset.view = 'list';
document.documentElement.lang = element.closest('[lang]') ? document.documentElement.lang : 'zh-CN';
try {
  const kept = localStorage.getItem('zhengdu-theme');
  if (kept) paint(kept);
} catch (e) {
  // private windows keep nothing
}
