/** Everything a page needs to look like one, on a light or dark screen and on paper. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --ink: #1c2430; --quiet: #566172; --paper: #ffffff; --line: #d8dee8; --band: #f4f6fa; --accent: #2f5fd0;
  --heat: 47, 95, 208; --cool: 205, 120, 40; --before: #a9b5c9; --after: #2f5fd0; --good: #1a7f4b; --warn: #8a5a00; --hold: #b3470b; --fail: #b3202c; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaf2; --quiet: #a0abbd; --paper: #12161d; --line: #2d3644; --band: #1a2029; --accent: #8fb0ff;
  --heat: 120, 158, 255; --cool: 235, 160, 90; --before: #5a6780; --after: #8fb0ff; --good: #5fcf94; --warn: #e7b75a; --hold: #ff9d66; --fail: #ff8088; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 72rem; margin: 0 auto; padding: 2rem 1.5rem 4rem; }
h1 { font-size: 1.55rem; line-height: 1.25; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 2.25rem 0 .5rem; padding-top: .75rem; border-top: 1px solid var(--line); }
p { margin: .35rem 0; max-width: 60rem; }
.facts, .foot, caption, small { color: var(--quiet); }
.foot { font-size: .85rem; }
.verdict { display: inline-block; margin: .75rem 0 .25rem; padding: .2rem .7rem; border: 1px solid currentColor; border-radius: 1rem; font-weight: 600; }
.pass, .not-computable { color: var(--good); } .warn { color: var(--warn); } .hold { color: var(--hold); } .fail { color: var(--fail); }
.scroll { overflow-x: auto; margin: .75rem 0; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-size: .85rem; padding-bottom: .35rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--line); }
th:not(:first-child), td { padding-left: .5rem; padding-right: .5rem; }
thead th { color: var(--quiet); font-weight: 600; font-size: .85rem; vertical-align: bottom; }
tbody th { font-weight: 500; }
.right { text-align: right; white-space: nowrap; } thead th.right { white-space: normal; }
.outcome { white-space: nowrap; }
@media (min-width: 640px) { .run { white-space: nowrap; } }
.matrix thead th.right { min-width: 5.5rem; }
small { display: block; font-size: .8rem; font-weight: 400; }
svg { display: block; width: 9rem; height: 1.35rem; margin-top: .15rem; }
.before { fill: var(--before); } .after { fill: var(--after); }
code { font: .9em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; background: var(--band); padding: .12rem .35rem; border-radius: .25rem; overflow-wrap: anywhere; }
ul { padding-left: 1.2rem; margin: .35rem 0; } li { margin: .3rem 0; }
@media print { :root { color-scheme: light; --ink: #000; --quiet: #444; --paper: #fff; --line: #bbb; --band: #fff; } main { max-width: none; padding: 0; }
  h2 { break-after: avoid; } tr { break-inside: avoid; } .scroll { overflow: visible; } * { print-color-adjust: exact; } }
`.trim()
