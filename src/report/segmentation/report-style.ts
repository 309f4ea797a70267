import { PAGE_STYLE } from '../comparison/page-style.ts'

const LIGHT = `--muted: #b4bfd0; --high: #2f5fd0; --low: #b8651b; --card: #f6f8fb;
  --s1: #2f5fd0; --s2: #c8591a; --s3: #147d64; --s4: #a23b9c; --s5: #8a6d00; --s6: #1583a8; --s7: #c02d55; --s8: #5b6472;`
const DARK = `--muted: #5d6b84; --high: #8fb0ff; --low: #eba063; --card: #1a2029;
  --s1: #8fb0ff; --s2: #f09a5b; --s3: #4fc7a4; --s4: #df8cd9; --s5: #d9bb4a; --s6: #64c3e4; --s7: #ff8aa6; --s8: #aab4c4;`

/** What a report has beyond other pages: charts that follow light and dark, personas, contents. */
export const REPORT_STYLE = `${PAGE_STYLE}
:root { ${LIGHT} }
@media (prefers-color-scheme: dark) { :root { ${DARK} } }
h1 { font-size: 1.8rem; letter-spacing: -.01em; }
h2 { font-size: 1.35rem; margin: 3rem 0 .5rem; padding-top: 1.25rem; }
h3 { font-size: 1.02rem; margin: 1.6rem 0 .35rem; }
section section h2, .sub h2 { font-size: 1.02rem; margin: 1.8rem 0 .35rem; padding-top: 0; border-top: 0; }
.skip { position: absolute; left: -99rem; } .skip:focus { left: 1rem; top: .5rem; background: var(--paper); padding: .3rem .6rem; }
a { color: var(--accent); } a:focus-visible, summary:focus-visible, .scroll:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.finding { margin: 1.25rem 0; padding: 0 0 0 1.6rem; max-width: 56rem; font-size: 1.05rem; } .finding li { margin: .45rem 0; }
nav { background: var(--card); border-radius: .5rem; padding: .8rem 1rem; margin: 1.5rem 0 0; }
nav ul { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: .2rem 1.4rem; } nav li { margin: 0; }
nav a { text-decoration: none; line-height: 1.75; } nav a:hover { text-decoration: underline; }
.dot { display: inline-block; width: .62em; height: .62em; border-radius: 50%; margin-right: .45em; }
h2 .dot { width: .7em; height: .7em; }
dl.facts { display: flex; flex-wrap: wrap; gap: .75rem 2.2rem; margin: 1rem 0; padding: .9rem 1.1rem; background: var(--card); border-radius: .5rem; color: var(--ink); }
dl.facts div { max-width: 34rem; } dt { font-size: .8rem; color: var(--quiet); } dd { margin: 0; font-weight: 600; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
section.persona p { overflow-wrap: break-word; }
dd small { display: inline; margin-left: .35rem; font-weight: 400; }
figure { margin: 1rem 0 1.25rem; } figcaption h3 { margin: 0 0 .2rem; } figcaption p { color: var(--quiet); font-size: .88rem; margin: 0 0 .6rem; }
figure svg { width: 100%; height: auto; margin: 0; } figure .narrow { display: none; }
details { margin: .4rem 0; } summary { cursor: pointer; color: var(--accent); font-size: .88rem; width: fit-content; }
td[style] small { color: inherit; } .lead { font-size: 1.02rem; }
@media (max-width: 640px) { main { padding: 1.25rem 1rem 3rem; } h1 { font-size: 1.4rem; } figure .wide { display: none; } figure .narrow { display: block; }
  dl.facts { gap: .6rem 1.4rem; } }
@media print { :root { ${LIGHT} } nav, .skip, summary { display: none; } section.persona { break-before: page; } figure, dl.facts { break-inside: avoid; }
  figure .wide { display: block; } figure .narrow { display: none; } h3 { break-after: avoid; } body { font-size: 11pt; } a { color: inherit; } }
`.trim()
