/** The looks of the page: light or dark as the reader's system is, readable without colours, and printable. */
export const pageStyle = `
:root { color-scheme: light dark;
  --ground: #f6f7f9; --card: #fff; --text: #1c2128; --soft: #59636e; --line: #d5dae0; --code: #f0f2f5;
  --error: #b3261e; --warning: #8a5300; --info: #0b5cad; --fine: #1a7037; --mark: #fde7e5; }
@media (prefers-color-scheme: dark) { :root {
  --ground: #12151a; --card: #1b1f26; --text: #e4e8ee; --soft: #9aa5b1; --line: #343b45; --code: #12151a;
  --error: #ff8a80; --warning: #f0b429; --info: #7ab8ff; --fine: #63d388; --mark: #43211f; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 68rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 2.25rem 0 .75rem; }
a { color: var(--info); }
code, pre { font: .875rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.facts { color: var(--soft); margin: 0; overflow-wrap: anywhere; }
.counts { display: flex; flex-wrap: wrap; gap: .75rem; list-style: none; margin: 1.5rem 0 0; padding: 0; }
.counts li { flex: 1 1 8rem; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .75rem 1rem; }
.counts strong { display: block; font-size: 1.75rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.plight { border-left: .25rem solid var(--error); background: var(--card); padding: .75rem 1rem; margin: 1.5rem 0 0; font-weight: 600; }
.error { color: var(--error); } .warning { color: var(--warning); } .info { color: var(--info); } .fine { color: var(--fine); }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: .45rem .65rem; border-bottom: 1px solid var(--line); white-space: nowrap; }
th:first-child { text-align: left; white-space: normal; overflow-wrap: anywhere; min-width: 11rem; } tbody th { font-weight: 400; }
tbody tr:last-child > * { border-bottom: 0; }
thead th { color: var(--soft); font-weight: 600; }
td.never { color: var(--soft); } tbody th span { color: var(--soft); display: block; font-size: .8rem; }
.findings { list-style: none; margin: 0; padding: 0; }
.findings > li { margin: 0 0 .6rem; }
details { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; }
summary { cursor: pointer; padding: .7rem 1rem .7rem 2.1rem; text-indent: -1.1rem; border-radius: .5rem; overflow-wrap: anywhere; }
summary .label { font-weight: 600; margin-right: .5rem; }
summary .code { color: var(--soft); font-size: .85rem; display: block; text-indent: 0; }
summary .flaky { font-weight: 600; font-size: .85rem; border: 1px solid; border-radius: .3rem; padding: 0 .35rem; margin-right: .5rem; }
:focus-visible { outline: 2px solid var(--info); outline-offset: 2px; }
.inside { border-top: 1px solid var(--line); padding: .25rem 1rem 1rem; }
.inside p { margin: .75rem 0 0; overflow-wrap: anywhere; }
.inside h3 { font-size: .8rem; color: var(--soft); font-weight: 600; margin: 1rem 0 .3rem; }
pre { background: var(--code); border: 1px solid var(--line); border-radius: .375rem; margin: 0; padding: .6rem .8rem; overflow-x: auto; tab-size: 2; }
pre .here { background: var(--mark); display: inline-block; min-width: 100%; }
.line pre { white-space: pre-wrap; overflow-wrap: anywhere; }
.line .head { display: flex; align-items: end; justify-content: space-between; gap: 1rem; margin: .9rem 0 .3rem; }
.line h3 { margin: 0; }
button { font: inherit; font-size: .8rem; color: var(--text); background: var(--card); border: 1px solid var(--soft); border-radius: .375rem; padding: .2rem .7rem; cursor: pointer; }
button:hover { border-color: var(--text); }
.tools { display: flex; flex-wrap: wrap; align-items: center; gap: 1rem; margin: 0 0 .9rem; }
.tools input[type=search] { font: inherit; font-size: .9rem; color: var(--text); background: var(--card); border: 1px solid var(--soft); border-radius: .375rem; padding: .25rem .6rem; min-width: 8rem; flex: 1 1 10rem; max-width: 22rem; }
.tools .facts { flex: 1 1 100%; margin: -.5rem 0 0; } .tools .facts:empty { display: none; }
.tools label { display: inline-flex; align-items: center; gap: .35rem; }
.needs-script { display: none; } .scripted .needs-script { display: flex; } .scripted button.needs-script { display: inline-block; }
.skipped { margin: 0; padding-left: 1.2rem; overflow-wrap: anywhere; }
td.text, th.text { text-align: left; white-space: normal; overflow-wrap: anywhere; }
.clauses { margin-top: .75rem; } .clauses .scroll { border: 0; border-top: 1px solid var(--line); border-radius: 0 0 .5rem .5rem; }
.gaps p { margin: .5rem 0 .25rem; overflow-wrap: anywhere; }
footer { color: var(--soft); font-size: .85rem; margin-top: 3rem; }
@media print { .tools, button { display: none !important; } details { break-inside: avoid; } }
`
