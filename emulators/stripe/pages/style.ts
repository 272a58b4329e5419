/** The one stylesheet. Text and controls keep a contrast of at least 4.5 to 1 in both schemes. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --back: #f4f5f9; --card: #ffffff; --text: #1c1e2b; --soft: #565a70; --line: #d5d8e4;
  --accent: #4f46d8; --on-accent: #ffffff; --bad: #b3261e; --bad-back: #fdecea;
  --note: #6b4e00; --note-back: #fff3cd; --good: #1b6e3c;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #14151d; --card: #1f212c; --text: #eceef6; --soft: #a9aec4; --line: #3a3d4e;
    --accent: #a5a0ff; --on-accent: #14151d; --bad: #ffb4ab; --bad-back: #4a1b17;
    --note: #ffe08a; --note-back: #3d3110; --good: #8fdcab;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
.banner { margin: 0; padding: .5rem 1rem; text-align: center; font-weight: 600;
  background: var(--note-back); color: var(--note); }
main { max-width: 30rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
main.wide { max-width: 64rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.15rem; margin: 2.5rem 0 .75rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .75rem;
  padding: 1rem; margin: 0 0 1rem; overflow-wrap: anywhere; }
.row { display: flex; flex-wrap: wrap; gap: 0 1rem; justify-content: space-between; align-items: center; }
.row .facts { flex: 1 1 15rem; min-width: 0; }
.items { list-style: none; margin: 0; padding: 0; }
.items li { display: flex; gap: .75rem; padding: .6rem 0; border-bottom: 1px solid var(--line); }
.items img { width: 3rem; height: 3rem; object-fit: cover; border-radius: .4rem; }
.items .what { flex: 1; min-width: 0; }
.amount { white-space: nowrap; font-variant-numeric: tabular-nums; }
.sums { margin: .5rem 0 0; display: grid; grid-template-columns: 1fr auto; row-gap: .25rem; }
.sums dt, .sums dd { margin: 0; }
.sums dd { text-align: right; font-variant-numeric: tabular-nums; }
.sums .total { font-weight: 700; font-size: 1.2rem; }
.soft { color: var(--soft); font-size: .9rem; }
.error { background: var(--bad-back); color: var(--bad); border: 1px solid var(--bad);
  border-radius: .5rem; padding: .75rem 1rem; margin: 0 0 1rem; font-weight: 600; }
label { display: block; font-weight: 600; margin: 0 0 .25rem; }
input, select { width: 100%; font: inherit; color: inherit; background: var(--back);
  border: 1px solid var(--soft); border-radius: .5rem; padding: .6rem .75rem; }
button { font: inherit; font-weight: 600; cursor: pointer; min-height: 2.75rem; width: 100%;
  border-radius: .5rem; border: 1px solid var(--accent); padding: .5rem 1rem;
  background: transparent; color: var(--accent); }
button.primary { background: var(--accent); color: var(--on-accent); }
button[aria-pressed="true"] { background: var(--accent); color: var(--on-accent); }
button + button { margin-top: .5rem; }
form { margin: 0 0 .75rem; }
form .field { margin: 0 0 .75rem; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
a { color: var(--accent); }
.facts { display: grid; grid-template-columns: auto 1fr; gap: .15rem .75rem; margin: 0; }
.facts dt { color: var(--soft); }
.facts dd { margin: 0; }
.buttons { display: flex; flex-wrap: wrap; gap: .5rem; align-items: end; margin: .75rem 0 0; }
.buttons form { margin: 0; display: flex; gap: .5rem; align-items: end; }
.buttons button { width: auto; margin: 0; }
.buttons input { width: 8rem; }
code { font-size: .85em; }
`;
