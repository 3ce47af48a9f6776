/** The style of the coverage page: light and dark, readable without colours, printable. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --text: #1c2024; --faint: #60666c; --back: #fff; --panel: #f6f7f9; --line: #dde1e6;
  --used: #176b36; --used-back: #e3f5e8; --never: #a3161f; --never-back: #fde7e8; --partial: #7a4d00; --partial-back: #fff2d6; }
@media (prefers-color-scheme: dark) { :root { --text: #e6e8ea; --faint: #9aa1a8; --back: #14171a; --panel: #1c2024;
  --line: #31373d; --used: #7ddb9c; --used-back: #12301d; --never: #ff9aa0; --never-back: #3f1619; --partial: #f2c46d;
  --partial-back: #372a0f; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.5rem 4rem; max-width: 76rem; background: var(--back); color: var(--text);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.15rem; margin: 2.5rem 0 .75rem; }
p { margin: .4rem 0; } .faint { color: var(--faint); }
code, pre, .source { font: 13px/1.6 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
a { color: inherit; } li { overflow-wrap: anywhere; } .scroll { overflow-x: auto; }
.bar { height: .6rem; border-radius: .3rem; background: var(--never-back); border: 1px solid var(--line); overflow: hidden; }
.bar i { display: block; height: 100%; background: var(--used); }
.total { display: flex; gap: 1rem; align-items: baseline; margin: 1rem 0 .5rem; } .total b { font-size: 2.2rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .35rem .75rem .35rem 0;
  border-bottom: 1px solid var(--line); vertical-align: top; } th { color: var(--faint); font-weight: 600; }
td.number, th.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; } td .bar { width: 9rem; margin-top: .5rem; }
details { border: 1px solid var(--line); border-radius: .5rem; margin: .75rem 0; overflow: hidden; }
summary { padding: .6rem .9rem; background: var(--panel); cursor: pointer; display: flex; flex-wrap: wrap; gap: 0 1rem; align-items: baseline; }
summary b { min-width: 4rem; font-variant-numeric: tabular-nums; } summary .faint { margin-left: auto; text-align: right; }
.source { display: grid; grid-template-columns: max-content max-content 1fr; overflow-x: auto; padding: .5rem 0; }
.row { display: contents; } .row > * { padding: 0 .75rem; white-space: pre; }
.row > .n { color: var(--faint); text-align: right; user-select: none; } .row > .hits { text-align: right; user-select: none; min-width: 6rem; }
.used > .hits { color: var(--used); } .never > *, mark.never { background: var(--never-back); }
.never > .hits, mark.never { color: var(--never); } .partial > .hits { color: var(--partial); background: var(--partial-back); }
mark { color: inherit; background: none; border-radius: .2rem; } mark.used { color: var(--used); background: var(--used-back); }
mark.never { text-decoration: underline wavy; text-underline-offset: 3px; }
ul { margin: .3rem 0; padding-left: 1.2rem; }
@media print { details { break-inside: avoid; } body { max-width: none; } }
`;
