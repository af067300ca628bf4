"use strict";
// Pictures, trees and tables of policies: what is pointed at, or moved to by the
// keyboard, lights up wherever it stands.
(() => {
  const svgNS = "http://www.w3.org/2000/svg";
  const classes = { a: "allow", q: "ask", d: "deny", s: "shadowed", u: "unproved" };
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // announce tells all parts of the page which policy of a list is looked at; null is
  // none.
  const announce = (list, policy) =>
    document.dispatchEvent(new CustomEvent("ups:policy", { detail: { list, policy } }));

  // read returns the columns and rows of a picture, and the place of each policy.
  const read = (svg) => {
    const columns = svg.dataset.columns.split(",").filter(Boolean).map((c) => {
      const [policy, x, w] = c.split(" ").map(Number);
      return { policy, x, w };
    });
    const rows = svg.dataset.rows.split(",").filter(Boolean).map((r) => {
      const [y, letters] = r.split(" ");
      return { y: Number(y), letters };
    });
    return { columns, rows, places: new Map(columns.map((c, i) => [c.policy, i])) };
  };

  // mount makes a picture respond, until the signal, if there is one, is aborted.
  const mount = (svg, list, signal) => {
    const { columns, rows, places } = read(svg);
    const height = Number(svg.dataset.height);
    const lit = svg.querySelector(".lit");
    const prefix = svg.querySelector("pattern")?.id.replace(/allow$/, "") ?? "";
    const cursor = document.createElement("div");
    let at = -1, own = [];

    const light = (policy) => {
      const place = policy === null ? -1 : places.get(policy) ?? -1;
      lit.replaceChildren();
      own.forEach((e) => e.classList.remove("on"));
      svg.classList.toggle("has-lit", place >= 0);
      if (place < 0) return;
      at = place;
      const { x, w } = columns[place];
      own = all(`.p${policy}`, svg);
      own.forEach((e) => e.classList.add("on"));
      for (const row of rows) {
        const name = classes[row.letters[place]];
        if (!name) continue;
        const rect = document.createElementNS(svgNS, "rect");
        const more = own.length > 0 ? 0 : Math.max(0, (8 - w) / 2); // what is narrow is shown wider
        rect.setAttribute("x", x - more);
        rect.setAttribute("y", row.y);
        rect.setAttribute("width", w + 2 * more);
        rect.setAttribute("height", height);
        if (own.length > 0) rect.setAttribute("fill", "none");
        else if (name === "unproved") rect.setAttribute("class", name);
        else rect.setAttribute("fill", `url(#${prefix}${name})`);
        lit.append(rect);
      }
      cursor.setAttribute("aria-valuenow", place + 1);
      cursor.setAttribute("aria-valuetext", describe(list, policy));
    };

    const find = (event) => {
      const box = svg.getBoundingClientRect();
      const x = (event.clientX - box.left) * svg.viewBox.baseVal.width / box.width;
      let low = 0, high = columns.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (columns[middle].x <= x) low = middle; else high = middle - 1;
      }
      const c = columns[low];
      return c && x >= c.x && x < c.x + c.w ? c.policy : null;
    };

    // The keyboard moves along the policies as along a slider.
    cursor.className = "cursor";
    cursor.tabIndex = 0;
    cursor.setAttribute("role", "slider");
    cursor.setAttribute("aria-label", "Policy");
    cursor.setAttribute("aria-orientation", "horizontal");
    cursor.setAttribute("aria-valuemin", 1);
    cursor.setAttribute("aria-valuemax", columns.length);
    cursor.setAttribute("aria-valuenow", 1);
    cursor.setAttribute("aria-valuetext", "none is chosen");
    cursor.addEventListener("keydown", (event) => {
      const last = columns.length - 1;
      const to = {
        ArrowRight: at + 1, ArrowUp: at + 1, ArrowLeft: at - 1, ArrowDown: at - 1,
        Home: 0, End: last, PageUp: at + Math.ceil(last / 10), PageDown: at - Math.ceil(last / 10),
      }[event.key];
      if (event.key === "Escape") announce(list, null);
      if (to === undefined || last < 0) return;
      event.preventDefault();
      announce(list, columns[Math.min(last, Math.max(0, to))].policy);
    });
    let pinned = false;
    cursor.addEventListener("pointermove", (event) => {
      if (pinned || event.pointerType === "touch") return;
      const policy = find(event);
      if (policy !== null && places.get(policy) !== at || !svg.classList.contains("has-lit")) announce(list, policy);
    });
    cursor.addEventListener("click", (event) => {
      const policy = find(event);
      pinned = policy !== null;
      announce(list, policy);
    });
    if (columns.length > 0) {
      svg.after(cursor);
      cursor.parentElement.removeAttribute("tabindex"); // the cursor scrolls it
    }
    document.addEventListener("ups:policy", ({ detail }) => { if (detail.list === list) light(detail.policy); }, { signal });
  };

  const row = (list, policy) => document.getElementById(`l${list}p${policy}`);

  // describe is what a screen reader says of a policy.
  const describe = (list, policy) => {
    const cells = row(list, policy)?.cells;
    if (!cells) return `policy ${policy}`;
    return `policy ${[...cells].slice(0, 7).map((c) => c.textContent.trim()).join(", ")}`;
  };

  // whom tells for which clients a policy decides, and for which it is shadowed, by
  // the rows of the picture and its table.
  const whom = (section) => {
    const svg = section.querySelector("svg.ups-picture");
    const names = all(".table-of-picture tbody tr", section).map(({ cells }) => `${cells[0].textContent}, check ${cells[1].textContent}`);
    if (!svg || names.length < 2) return () => [];
    const { rows, places } = read(svg);
    return (policy) => ["aqd", "s", "u"].map((letters, i) => {
      const of = names.filter((_, k) => letters.includes(rows[k].letters[places.get(policy)] ?? "."));
      const more = of.length > 6 ? [`${of.length - 5} more`] : [];
      return [["decides for", "shadowed for", "not known for"][i], more.length > 0 ? [...of.slice(0, 5), ...more] : of];
    }).filter(([, of]) => of.length > 0 && of.length < names.length);
  };

  // details shows a line of the table of policies beside the picture.
  const details = (section, list) => {
    const clients = whom(section);
    const panel = section.querySelector(".details");
    const heads = all("table.rows thead th", section).map((th) => th.textContent);
    const before = [...panel.childNodes];
    return (policy) => {
      const line = policy === null ? null : row(list, policy);
      if (!line) {
        panel.replaceChildren(...before);
        return;
      }
      const title = document.createElement("h3");
      title.textContent = policy === 0 ? "The default policy" : `Policy ${policy}`;
      const dl = document.createElement("dl");
      [...line.cells].forEach((cell, i) => {
        if (i === 0) return;
        const dt = document.createElement("dt"), dd = document.createElement("dd");
        dt.textContent = heads[i];
        dd.append(...[...cell.childNodes].map((n) => n.cloneNode(true)));
        dl.append(dt, dd);
      });
      for (const [name, of] of clients(policy)) {
        const dt = document.createElement("dt"), dd = document.createElement("dd");
        dt.textContent = name;
        dd.textContent = of.join("; ");
        dl.append(dt, dd);
      }
      panel.replaceChildren(title, dl);
    };
  };

  // rove lets one of several elements have the focus by the Tab key, and the arrow
  // keys move on.
  const rove = (elements, shown = () => true) => {
    elements.forEach((e, i) => { e.tabIndex = i === 0 ? 0 : -1; });
    let current = elements[0];
    const go = (to) => {
      if (!to) return;
      current.tabIndex = -1;
      current = to;
      current.tabIndex = 0;
      current.focus();
    };
    const step = (from, by) => {
      let i = elements.indexOf(from) + by;
      while (elements[i] && !shown(elements[i])) i += by;
      go(elements[i]);
    };
    return { go, key: (event, from) => {
      const visible = () => elements.filter(shown);
      const moves = { ArrowDown: () => step(from, 1), ArrowUp: () => step(from, -1), Home: () => go(visible()[0]), End: () => go(visible().at(-1)) };
      if (!moves[event.key]) return;
      event.preventDefault();
      moves[event.key]();
    } };
  };

  // tree turns nested lists into a tree that opens and closes.
  const tree = (root, list) => {
    root.setAttribute("role", "tree");
    const items = all("li", root);
    for (const li of items) {
      li.setAttribute("role", "treeitem");
      const below = li.querySelector(":scope > ul");
      if (!below) continue;
      below.setAttribute("role", "group");
      li.setAttribute("aria-expanded", li.hasAttribute("data-open"));
    }
    const shown = (li) => !li.parentElement.closest("[aria-expanded=false]");
    const roving = rove(items, shown);
    const toggle = (li, open) => { if (li.hasAttribute("aria-expanded")) li.setAttribute("aria-expanded", open); };
    const isOpen = (li) => li.getAttribute("aria-expanded") === "true";
    root.addEventListener("keydown", (event) => {
      const li = event.target.closest("li");
      if (event.key === "ArrowRight" && li.hasAttribute("aria-expanded")) {
        if (isOpen(li)) roving.go(li.querySelector("li")); else toggle(li, true);
      } else if (event.key === "ArrowLeft") {
        if (isOpen(li)) toggle(li, false); else roving.go(li.parentElement.closest("li"));
      } else if (event.key === "Enter" || event.key === " ") {
        const entries = all(":scope > .node .entry", li);
        if (entries.length === 0) { toggle(li, !isOpen(li)); event.preventDefault(); return; }
        const next = entries[(entries.findIndex((e) => e.classList.contains("lit")) + 1) % entries.length];
        announce(list, Number(next.dataset.policy));
      } else {
        roving.key(event, li);
        return;
      }
      event.preventDefault();
    });
    root.addEventListener("click", (event) => {
      const entry = event.target.closest(".entry"), li = event.target.closest("li");
      if (entry) announce(list, Number(entry.dataset.policy));
      else toggle(li, !isOpen(li));
    });
    // What is lit is the entry of a policy, or what can be seen of where it is: to
    // open all branches under a moving pointer would be neither calm nor quick.
    return (policy) => {
      const entry = document.getElementById(`l${list}t${policy}`);
      let li = entry?.closest("[aria-expanded=false]");
      if (li && li === entry.closest("li")) li = li.parentElement.closest("[aria-expanded=false]");
      for (let outer = li; outer; outer = outer.parentElement.closest("[aria-expanded=false]")) li = outer;
      return li ? li.querySelector(":scope > .node") : entry;
    };
  };

  // section brings one list to life.
  const section = (element) => {
    const list = Number(element.dataset.list);
    const svg = element.querySelector("svg.ups-picture");
    if (svg) mount(svg, list);
    const show = details(element, list);
    const root = element.querySelector("ul.tree");
    const inTree = root ? tree(root, list) : () => null;
    const buttons = all("table.rows button", element);
    const roving = buttons.length > 0 && rove(buttons);
    element.querySelector("table.rows")?.addEventListener("keydown", (event) => {
      if (event.target.tagName === "BUTTON") roving.key(event, event.target);
    });
    element.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-policy]");
      if (!button) return;
      announce(list, Number(button.dataset.policy));
      if (button.classList.contains("link")) element.querySelector(".picture").scrollIntoView({ block: "nearest" });
    });
    element.addEventListener("focusin", (event) => {
      if (event.target.matches("table.rows button")) announce(list, Number(event.target.dataset.policy));
    });
    let lit = [];
    document.addEventListener("ups:policy", ({ detail: { list: of, policy } }) => {
      if (of !== list) return;
      lit.forEach((e) => e.classList.remove("lit"));
      lit = policy === null ? [] : [row(list, policy), inTree(policy)].filter(Boolean);
      lit.forEach((e) => e.classList.add("lit"));
      show(policy);
    });
  };

  // An address that ends in #l0p3 is of policy 3 of the first list.
  const follow = () => {
    const [, list, policy] = /^#l(\d+)p(\d+)$/.exec(location.hash) ?? [];
    if (policy !== undefined && row(list, policy)) {
      row(list, policy).closest("details").open = true;
      announce(Number(list), Number(policy));
    }
  };

  window.upsPicture = { mount };
  window.addEventListener("hashchange", follow);
  document.addEventListener("DOMContentLoaded", () => {
    all("section.list").forEach(section);
    follow();
  });
})();
