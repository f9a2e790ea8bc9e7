// Runs once, for the report page's hidden bridge: `element` and `trigger` are Gradio's.
// Clicks and forms tell the server; the page itself adds papers, keeps the address, saves files and finds a line.
const body = document.body;
const part = (name) => document.getElementById(name ? 'zd-report-' + name : 'zd-report');
const EVENTS = [
  'report_open', 'report_new', 'report_fill', 'report_plan', 'report_outline', 'report_preview', 'report_agree',
  'report_go', 'report_redo', 'report_halt', 'report_refuse', 'report_ask', 'report_question',
];
const SEVERAL = ['paper', 'chosen', 'outline'];
const SLOW = ['report_plan', 'report_open', 'report_agree', 'report_go', 'report_redo', 'report_outline', 'report_preview'];
let asked = false; // somebody waits for what comes next
let pending = ''; // what they wait for
let watched = null; // the page as it was last seen in its tab

function tell(name, value) {
  if (!EVENTS.includes(name)) return;
  const main = part('');
  if (main && SLOW.includes(name)) {
    if (main.getAttribute('aria-busy') === 'true' && name === pending) return;
    pending = name;
    main.setAttribute('aria-busy', 'true');
  }
  asked = name !== 'report_halt';
  body.classList.remove('zd-side-open');
  trigger(name, { value: value });
}

function fields(form) {
  const found = { id: form.dataset.id || '' };
  for (const [name, value] of new FormData(form)) {
    if (SEVERAL.includes(name)) (found[name] = found[name] || []).push(value);
    else found[name] = value;
  }
  return found;
}

// papers for the form

function known(form, words) {
  const options = Array.from(form.querySelectorAll('datalist option'));
  const same = words.toLowerCase();
  const hit = options.find((o) => o.value.toLowerCase() === same || o.textContent.toLowerCase() === same);
  if (hit) return hit;
  const near = options.filter((o) => o.textContent.toLowerCase().includes(same));
  return near.length === 1 && same.length > 3 ? near[0] : null;
}

function add(form) {
  const box = form.elements.typed;
  const words = box.value.trim();
  if (!words) return;
  const hit = known(form, words);
  if (hit) chip(form, hit.value, hit.textContent);
  else if (words.split(/[\s,，、]+/).every((w) => /\d{4}\.\d{4,5}|\/\d{7}|^file-/.test(w))) {
    words.split(/[\s,，、]+/).filter(Boolean).forEach((w) => chip(form, w, w));
  } else return;
  box.value = '';
}

function chip(form, version, name) {
  const list = form.querySelector('.zd-pins');
  if (Array.from(list.querySelectorAll('input')).some((one) => one.value === version)) return;
  const item = document.createElement('li');
  item.className = 'zd-pin';
  const input = Object.assign(document.createElement('input'), { type: 'hidden', name: 'paper', value: version });
  const words = document.createElement('span');
  words.dir = 'auto';
  words.append(document.createElement('bdi'));
  words.firstChild.textContent = name;
  const off = Object.assign(document.createElement('button'), { type: 'button', className: 'zd-off', textContent: '×' });
  off.dataset.drop = '';
  off.title = list.dataset.remove.replace('{name}', name);
  off.setAttribute('aria-label', off.title);
  item.append(input, words, off);
  list.append(item);
}

// what came

function came(name) {
  const main = part('');
  if (!main) return;
  main.removeAttribute('aria-busy');
  if (name === 'said') {
    const line = part('said').querySelector('[data-line]');
    if (line) point(Number(line.dataset.line));
    return;
  }
  if (watched !== part('page')) {
    watched = part('page');
    new IntersectionObserver(address).observe(watched);
  }
  address();
  if (!asked || !part('page').offsetParent) return;
  asked = false;
  window.scrollTo(0, 0);
  if (document.activeElement === body) {
    main.tabIndex = -1;
    main.focus({ preventScroll: true });
  }
}

function point(number) {
  const text = part('').querySelector('textarea');
  if (!text) return;
  const lines = text.value.split('\n');
  const at = lines.slice(0, number - 1).join('\n').length + (number > 1 ? 1 : 0);
  text.focus();
  text.setSelectionRange(at, at + (lines[number - 1] || '').length);
  text.scrollTop = Math.max(0, (number - 4) * (text.scrollHeight / lines.length));
}

// the address names the report as long as it is looked at, so that reloading finds it again

function address() {
  const top = part('top');
  if (!top || !top.querySelector('.zd-report-menu')) return; // nothing came yet
  const head = top.querySelector('[data-report]');
  const here = new URL(window.location.href);
  if (head && part('page').offsetParent) here.searchParams.set('report', head.dataset.report);
  else here.searchParams.delete('report');
  if (here.href !== window.location.href) window.history.replaceState(window.history.state, '', here);
}

window.addEventListener('popstate', address);

document.addEventListener('click', (event) => {
  const target = event.target;
  const act = target.closest('[data-act^="report_"]');
  if (act) return tell(act.dataset.act, act.dataset.value);
  if (!target.closest('#zd-report-page')) return;
  const form = target.closest('form');
  if (target.closest('[data-add]')) return add(form);
  const drop = target.closest('[data-drop]');
  if (drop) {
    drop.closest('li').remove();
    return form.elements.typed.focus();
  }
  const jump = target.closest('a[href^="#zd-"]');
  if (jump) event.preventDefault();
  const there = jump && document.getElementById(jump.getAttribute('href').slice(1));
  if (there) {
    there.tabIndex = -1;
    there.focus({ preventScroll: true });
    there.scrollIntoView();
  }
});

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (!form.dataset.report) return;
  event.preventDefault();
  if (form.elements.typed) add(form);
  tell((event.submitter && event.submitter.value) || form.dataset.report, fields(form));
});

// an edited plan keeps the figures of the one that was proposed, and says so

document.addEventListener('input', (event) => {
  const form = event.target.closest('form.zd-plan');
  if (!form) return;
  const box = form.querySelector('textarea');
  const ticks = Array.from(form.querySelectorAll('[name=chosen]'));
  const edited = (box && box.value !== box.defaultValue) || ticks.some((one) => one.checked !== one.defaultChecked);
  form.classList.toggle('zd-edited', edited || 'changed' in form.dataset);
});

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.isComposing || event.target.name !== 'typed' || !event.target.value.trim()) return;
  event.preventDefault();
  add(event.target.form);
});

window.zdReport = { came: came };
