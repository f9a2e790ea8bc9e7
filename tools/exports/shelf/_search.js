/* 证读: finds papers while one types. Reads zhengduIndex (search-index.js); no word of it ever becomes markup. */
"use strict";
(() => {
  const [ISSUE, STEM, ZH, EN, SAID, AUTHORS, MARKS] = [0, 1, 2, 3, 4, 5, 6];
  const UNREAD = 16, STEP = 20, PAUSE = 250;
  const BADGES = ["", "部分支持", "未核验", "不支持"];
  const KINDS = ["", "v v-partial", "v v-unverified", "v v-unsupported"];
  const input = document.getElementById("q"), list = document.getElementById("hits");
  const status = document.getElementById("found"), more = document.getElementById("more");
  if (typeof zhengduIndex === "undefined") {
    status.textContent = "索引没有载入：search-index.js 要和这一页放在同一个文件夹里。";
    return;
  }
  const { issues, papers } = zhengduIndex;

  /* One shape for all writings of a word: width, case and accents do not count. */
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const titles = papers.map((p) => fold(p[ZH] + "\n" + p[EN]));
  const others = papers.map((p) => fold([p[SAID], p[AUTHORS], p[STEM], issues[p[ISSUE]].join(" ")].join("\n")));
  const word = (code) => (code >= 48 && code <= 57) || (code >= 97 && code <= 122);

  /* Chinese and Latin words that touch each other are words of their own. */
  const split = (query) => fold(query).match(/[\u3400-\u9fff]+|[^\s\u3400-\u9fff]+/g) || [];

  /* 0: not there; 1: a word begins so; 2: the whole word, or Chinese. */
  function there(text, term) {
    const starts = word(term.charCodeAt(0)), ends = word(term.charCodeAt(term.length - 1));
    let best = 0;
    for (let at = text.indexOf(term); at >= 0; at = text.indexOf(term, at + 1)) {
      if (starts && at > 0 && word(text.charCodeAt(at - 1))) continue;
      if (!ends || !word(text.charCodeAt(at + term.length))) return 2;
      best = 1;
    }
    return best;
  }

  /* Numbers of the papers that have every term. Those that have them in their title come first, then those that have
     them side by side as they were typed, then the newest. */
  function find(terms, phrase) {
    const found = [];
    for (let n = 0; n < papers.length; n++) {
      let score = 0;
      for (const term of terms) {
        const title = there(titles[n], term);
        const rest = title ? 0 : there(others[n], term);
        if (!title && !rest) { score = -1; break; }
        score += title ? 10 + title : rest;
      }
      if (score > 0 && phrase && (titles[n].includes(phrase) || others[n].includes(phrase))) score += 5;
      if (score > 0) found.push([score, n]);
    }
    return found.sort((a, b) => b[0] - a[0] || a[1] - b[1]).map((pair) => pair[1]);
  }

  function element(tag, text, language, kind) {
    const made = document.createElement(tag);
    made.textContent = text;
    if (language) made.lang = language;
    if (kind) made.className = kind;
    return made;
  }

  /* Words with what was looked for marked in them; unmarked where folding moved the letters. */
  function marked(tag, text, terms, language, kind) {
    const made = element(tag, "", language, kind), folded = fold(text);
    if (folded.length !== text.length) { made.textContent = text; return made; }
    let from = 0;
    while (from < text.length) {
      let at = -1, length = 0;
      for (const term of terms) {
        let place = folded.indexOf(term, from);
        while (place > 0 && word(term.charCodeAt(0)) && word(folded.charCodeAt(place - 1))) {
          place = folded.indexOf(term, place + 1);
        }
        if (place >= 0 && (at < 0 || place < at || (place === at && term.length > length))) {
          at = place;
          length = term.length;
        }
      }
      if (at < 0) break;
      made.append(text.slice(from, at), element("mark", text.slice(at, at + length)));
      from = at + length;
    }
    made.append(text.slice(from));
    return made;
  }

  function hit(paper, terms) {
    const [folder, about] = issues[paper[ISSUE]], unread = paper[MARKS] >= UNREAD;
    const line = document.createElement("li"), link = document.createElement("a");
    const stem = encodeURIComponent(paper[STEM]);
    link.href = unread ? `${folder}/index.html#p-${stem}` : `${folder}/${stem}.html`;
    link.append(paper[ZH] ? marked("span", paper[ZH], terms, "zh-CN") : marked("span", paper[EN], terms, "en"));
    line.append(link);
    badge(line, paper[MARKS] & 3);
    if (paper[ZH]) line.append(marked("p", paper[EN], terms, "en", "original"));
    if (paper[SAID]) {
      const language = /[\u3400-\u9fff]/.test(paper[SAID]) ? "zh-CN" : "en";
      const said = marked("p", paper[SAID], terms, language);
      badge(said, (paper[MARKS] >> 2) & 3);
      line.append(said);
    }
    const authors = paper[AUTHORS].split("、");
    const named = (author) => terms.filter((term) => there(fold(author), term)).length;
    const shown = [...authors].sort((a, b) => named(b) - named(a)).slice(0, 4).join("、") + (authors.length > 4 ? " 等" : "");
    const facts = element("p", `${about}${unread ? " · 没有发布" : ""}${paper[AUTHORS] ? " · " : ""}`, "", "facts");
    if (paper[AUTHORS]) facts.append(marked("span", shown, terms));
    line.append(facts);
    return line;
  }

  function badge(to, verdict) {
    if (verdict) to.append(" ", element("span", BADGES[verdict], "", KINDS[verdict]));
  }

  let now = { terms: [], found: [], shown: 0 };

  function show() {
    const next = now.found.slice(now.shown, now.shown + STEP);
    list.append(...next.map((n) => hit(papers[n], now.terms)));
    now.shown += next.length;
    more.hidden = now.shown >= now.found.length;
  }

  function search() {
    const began = performance.now(), terms = split(input.value);
    const phrase = terms.length > 1 ? fold(input.value).trim().replace(/\s+/g, " ") : "";
    now = { terms, found: terms.length ? find(terms, phrase) : [], shown: 0 };
    list.textContent = "";
    show();
    if (!terms.length) status.textContent = `共收录 ${papers.length} 篇，${issues.length} 期。`;
    else if (!now.found.length) status.textContent = "没有找到。少写一个词，或换一种说法。";
    else status.textContent = `找到 ${now.found.length} 篇`;
    status.dataset.took = (performance.now() - began).toFixed(1);
  }

  function remember() {
    const query = input.value.trim();
    const path = location.pathname + (query ? "#q=" + encodeURIComponent(query) : "");
    try { history.replaceState(null, "", path); } catch (refused) { location.hash = query && "q=" + encodeURIComponent(query); }
  }

  function asked() {
    const kept = new URLSearchParams(location.hash.slice(1)).get("q");
    return kept ?? new URLSearchParams(location.search).get("q") ?? "";
  }

  function step(by) {
    const links = [...list.querySelectorAll("a")], at = links.indexOf(document.activeElement) + by;
    if (at < 0) input.focus();
    else if (links[at]) links[at].focus();
  }

  let waiting = 0; /* browsers refuse addresses that change with every letter */
  input.addEventListener("input", () => {
    search();
    clearTimeout(waiting);
    waiting = setTimeout(remember, PAUSE);
  });
  list.addEventListener("click", remember);
  more.addEventListener("click", () => {
    const first = now.shown;
    show();
    list.children[first]?.querySelector("a").focus();
  });
  document.getElementById("ask").addEventListener("submit", (event) => { event.preventDefault(); step(1); });
  document.addEventListener("keydown", (event) => {
    const inside = document.activeElement === input || list.contains(document.activeElement);
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (inside && event.key === "ArrowDown") step(1);
    else if (list.contains(document.activeElement) && event.key === "ArrowUp") step(-1);
    else if (list.contains(document.activeElement) && event.key === "Escape") input.focus();
    else if (event.key === "/" && !/^(INPUT|TEXTAREA)$/.test(document.activeElement.tagName)) input.focus();
    else return;
    event.preventDefault();
  });
  window.addEventListener("hashchange", () => { input.value = asked(); search(); });
  input.value = asked();
  search();
  if (input.value) remember();
})();
