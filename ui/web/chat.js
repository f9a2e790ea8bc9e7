// Runs for each of the chat page's parts: `element`, `trigger` and `watch` are Gradio's.
// Buttons tell the server; the page itself opens the list and the papers, keeps the address, and offers papers after an @.
const body = document.body;
const LOCAL = {
  list: () => body.classList.toggle('zd-talks-open'),
  choose: () => body.classList.toggle('zd-choosing'),
};

element.addEventListener('click', (event) => {
  const button = event.target.closest('[data-say]');
  if (!button) return;
  const name = button.dataset.say;
  if (LOCAL[name]) return LOCAL[name]();
  if (name === 'open') body.classList.remove('zd-talks-open');
  trigger('say', { value: { name: name, value: button.dataset.value } });
});

// the address names the talk, so that reloading finds it again

function address() {
  const head = element.querySelector('[data-talk]');
  if (!head) return;
  const here = new URL(window.location.href);
  if (head.dataset.talk) here.searchParams.set('talk', head.dataset.talk);
  else if (!window.zdTalkLoaded) return;
  else here.searchParams.delete('talk');
  window.zdTalkLoaded = true;
  if (here.href !== window.location.href) window.history.replaceState(window.history.state, '', here);
}

window.addEventListener('popstate', address);

// papers after an @

function offer(box) {
  const list = menu();
  const before = box.value.slice(0, box.selectionStart);
  const typed = /[@＠]([^\s@＠]{0,30})$/.exec(before);
  const scope = document.querySelector('#zd-scope [data-papers]');
  const papers = typed && scope ? JSON.parse(scope.dataset.papers) : [];
  const wanted = typed ? typed[1].toLowerCase() : '';
  const fit = papers.filter(([id, name]) => `${id} ${name}`.toLowerCase().includes(wanted)).slice(0, 8);
  list.replaceChildren();
  list.hidden = fit.length === 0;
  fit.forEach(([id, name], n) => {
    const item = document.createElement('li');
    item.setAttribute('role', 'option');
    item.setAttribute('aria-selected', n === 0 ? 'true' : 'false');
    const words = document.createElement('bdi');
    words.textContent = name;
    const small = document.createElement('span');
    small.textContent = id;
    item.append(words, small);
    item.addEventListener('mousedown', (event) => {
      event.preventDefault();
      take(box, typed[0].length, id);
    });
    item.dataset.id = id;
    list.append(item);
  });
}

function menu() {
  let list = document.getElementById('zd-mentions');
  if (!list) {
    list = document.createElement('ul');
    list.id = 'zd-mentions';
    list.setAttribute('role', 'listbox');
    list.hidden = true;
    document.getElementById('zd-box').append(list);
  }
  return list;
}

function take(box, length, id) {
  const at = box.selectionStart;
  const rest = box.value.slice(at);
  box.value = `${box.value.slice(0, at - length)}@${id} ${rest}`;
  box.selectionStart = box.selectionEnd = at - length + id.length + 2;
  box.dispatchEvent(new Event('input', { bubbles: true }));
  menu().hidden = true;
}

function keys(event) {
  if (!event.target.closest('#zd-box textarea')) return;
  const list = menu();
  if (list.hidden || event.isComposing) return;
  const items = Array.from(list.children);
  const at = items.findIndex((item) => item.getAttribute('aria-selected') === 'true');
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    items[at].setAttribute('aria-selected', 'false');
    items[(at + step + items.length) % items.length].setAttribute('aria-selected', 'true');
  } else if (event.key === 'Enter' || event.key === 'Tab') {
    const box = event.target;
    const typed = /[@＠]([^\s@＠]{0,30})$/.exec(box.value.slice(0, box.selectionStart));
    if (typed) take(box, typed[0].length, items[at].dataset.id);
  } else if (event.key === 'Escape') {
    list.hidden = true;
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

if (element.querySelector('[data-talk]')) {
  watch('value', () => window.setTimeout(address, 0));
  address();
  document.addEventListener('keydown', keys, true);
  document.addEventListener('input', (event) => {
    if (event.target.closest('#zd-box textarea')) offer(event.target);
  });
  document.addEventListener('focusout', (event) => {
    if (event.target.closest('#zd-box textarea')) menu().hidden = true;
  });
}
