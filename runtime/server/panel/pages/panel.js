"use strict";
// Shows prompts as they come and go (events.go). Without it the page works by forms
// and reload.
(() => {
	const waiting = document.getElementById("waiting");
	if (!waiting) return;
	const told = document.getElementById("told");
	const live = document.getElementById("live");
	const over = document.getElementById("over");
	const title = document.title.replace(/^\(\d+\) /, "");

	// A prompt takes no answer at first: a click that was meant for what was here
	// before must not answer it.
	const settle = (prompt) => {
		prompt.inert = true;
		setTimeout(() => { prompt.inert = false; }, 700);
	};

	const ends = new WeakMap();
	const count = () => {
		for (const p of waiting.querySelectorAll(".left")) {
			if (!ends.has(p)) ends.set(p, performance.now() + 1000 * Number(p.dataset.left));
			const left = Math.max(0, Math.round((ends.get(p) - performance.now()) / 1000));
			p.firstElementChild.textContent = left + (left === 1 ? " second" : " seconds");
			p.classList.toggle("soon", left <= 15);
		}
	};

	const prompts = (root) => [...root.querySelectorAll(".prompt")];

	// Prompts that stay aren't touched: the focus stays, what is chosen, and a button
	// that is being pressed.
	const show = (html) => {
		const next = document.createElement("template");
		next.innerHTML = html;
		const box = waiting.querySelector(".prompts");
		const shown = prompts(next.content);
		const gone = prompts(waiting).filter((p) => !shown.some((q) => q.id === p.id));
		const come = shown.filter((p) => !document.getElementById(p.id));
		const focused = gone.some((p) => p.contains(document.activeElement));
		gone.forEach((p) => p.remove());
		box.querySelector(".none")?.remove();
		if (shown.length === 0) box.append(next.content.querySelector(".none"));
		box.append(...come);
		come.forEach(settle);
		const around = next.content.querySelector(".around");
		waiting.querySelector(".around").replaceWith(around);
		if (focused) document.getElementById("main").focus();
		tell(gone, come, around);
		document.title = shown.length > 0 ? `(${shown.length}) ${title}` : title;
		count();
	};

	const tell = (gone, come, around) => {
		const said = [];
		if (gone.length > 0) said.push("A prompt is over. " + (around.querySelector(".ended bdi")?.textContent ?? ""));
		for (const p of come) {
			said.push("A prompt is waiting. " + p.querySelector("h2").textContent + " " + p.querySelector(".destination bdi").textContent);
		}
		if (said.length > 0) told.textContent = said.join(" ");
	};

	prompts(waiting).forEach(settle);
	count();
	setInterval(count, 1000);
	const source = new EventSource("/events");
	source.addEventListener("prompts", (e) => show(e.data));
	source.addEventListener("open", () => { live.textContent = "Prompts appear here by themselves."; });
	source.addEventListener("error", () => {
		if (source.readyState !== EventSource.CLOSED) {
			live.textContent = "The service can't be reached. Trying again …";
			return;
		}
		live.textContent = "";
		over.append(over.querySelector("template").content);
		document.title = "Stopped: " + title;
	});
})();
