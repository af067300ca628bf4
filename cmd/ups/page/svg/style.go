package svg

// Style is the text of the picture's own style element, with names that a page's don't have. What is asked,
// allowed and denied differs in hue and in lightness, so that it does to people
// who don't see all hues, and in its pattern.
const Style = `.ups-picture{--u-paper:#fff;--u-ink:#1b2330;--u-soft:#566072;--u-track:#eef1f5;--u-line:#c6ccd6;--u-allow:#58bfae;--u-ask:#f7cb62;--u-deny:#e8806a;--u-shadow:#e3e6ec;--u-hatch:#7b8494;--u-mark:#0000002e;font-family:system-ui,-apple-system,"Segoe UI",sans-serif}
@media screen and (prefers-color-scheme:dark){.ups-picture{--u-paper:#12161d;--u-ink:#e6eaf0;--u-soft:#a6b0c0;--u-track:#1d232d;--u-line:#3a4352;--u-allow:#3c9f8f;--u-ask:#c99a2e;--u-deny:#d1705a;--u-shadow:#2a313d;--u-hatch:#8a94a5;--u-mark:#00000038}}
.ups-picture text{font-size:13px;fill:var(--u-ink)}.ups-picture .quiet{font-size:11.5px;fill:var(--u-soft)}.ups-picture .end{text-anchor:end}.ups-picture .who{font-weight:600}.ups-picture .head,.ups-picture .number{font-size:12px}.ups-picture .head{font-family:ui-monospace,"DejaVu Sans Mono",monospace;font-size:11.5px}.ups-picture .number{font-weight:700;font-family:system-ui,sans-serif}
.ups-picture .word,.ups-picture .part{text-anchor:middle;font-size:12px;fill:#101820}.ups-picture .word{font-weight:650}.ups-picture .shadowed-word,.ups-picture .unproved-word{fill:var(--u-ink)}
.ups-picture .paper{fill:var(--u-paper)}.ups-picture .track{fill:var(--u-track)}.ups-picture .tick{stroke:var(--u-line);fill:none}.ups-picture .allow{fill:var(--u-allow)}.ups-picture .ask{fill:var(--u-ask)}.ups-picture .deny{fill:var(--u-deny)}.ups-picture .shadowed{fill:var(--u-shadow)}.ups-picture .elsewhere{fill:var(--u-track);stroke:var(--u-line)}.ups-picture .unproved{fill:none;stroke:var(--u-line);stroke-dasharray:3 2}.ups-picture .unasked{fill:none;stroke:var(--u-line);stroke-dasharray:5 4}
.ups-picture .mark{stroke:var(--u-mark);fill:none}.ups-picture .dot{fill:var(--u-mark)}.ups-picture .hatch{stroke:var(--u-hatch);fill:none;stroke-width:1.2}
.ups-picture:has(.p:hover) .p{opacity:.45}.ups-picture .p:hover{opacity:1!important}
@media print{.ups-picture{--u-paper:#fff;--u-ink:#000;--u-soft:#333;print-color-adjust:exact;-webkit-print-color-adjust:exact}}`

// patterns are laid over colours: none for what is allowed, dots for what is asked
// about, lines for what is denied, and another hatching for what is shadowed. ID
// stands for what ids begin with.
const patterns = `<defs>` +
	`<pattern id="IDallow" width="8" height="8" patternUnits="userSpaceOnUse"><rect class="allow" width="8" height="8"/></pattern>` +
	`<pattern id="IDask" width="7" height="7" patternUnits="userSpaceOnUse"><rect class="ask" width="7" height="7"/><circle class="dot" cx="2" cy="2" r="1.3"/><circle class="dot" cx="5.5" cy="5.5" r="1.3"/></pattern>` +
	`<pattern id="IDdeny" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="deny" width="7" height="7"/><path class="mark" d="M0 0v7" stroke-width="3"/></pattern>` +
	`<pattern id="IDshadowed" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"><rect class="shadowed" width="6" height="6"/><path class="hatch" d="M0 0v6"/></pattern></defs>`
