import { type Html, html } from "../../../emulators/stripe/pages/html.ts";
import type { Example } from "../../../src/notifications/examples/example.ts";

const SCHEMES = ["light", "dark"] as const;
type Scheme = (typeof SCHEMES)[number];

/** Of what mails are read on, in pixels. */
const NARROW = 360;
const WIDE = 600;

/** Where an example is: `/receipt/goods-alone`. */
export function pathOf({ topic, when }: Example): string {
  return `/${slug(topic.replace("mail.", ""))}/${slug(when)}`;
}

function slug(words: string): string {
  return words.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
}

/** An example with its subject, its HTML in both schemes and widths, and its text; the index of all beside it. */
export function examplePage(examples: readonly Example[], shown: Example): string {
  const { topic, when, mail } = shown;
  return documentOf(
    `${topic}: ${when}`,
    html`
<nav aria-label="All mails">${indexOf(examples, shown)}</nav>
<main>
<p class="topic">${topic}</p>
<h1>${when}</h1>
<p>Subject: <strong>${mail.subject}</strong></p>
<div class="parts">
${SCHEMES.map((scheme) => frameOf(shown, scheme, NARROW))}
<figure><figcaption>Text</figcaption><pre>${mail.text}</pre></figure>
${SCHEMES.map((scheme) => frameOf(shown, scheme, WIDE))}
</div>
</main>`,
  );
}

/** What went wrong while the mails were built. */
export function failurePage(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  return documentOf("Not built", html`<main><h1>Not built</h1><pre>${words}</pre></main>`);
}

/** The HTML part as a device shows it that is set to this scheme; without one, as it is sent. */
export function htmlOf({ mail: { html: sent } }: Example, scheme: string | null): string {
  if (scheme === null) return sent;
  return sent
    .replaceAll("(prefers-color-scheme:dark)", scheme === "dark" ? "all" : "not all")
    .replaceAll("light dark", scheme);
}

function frameOf(shown: Example, scheme: Scheme, width: number): Html {
  const name = `${scheme}, ${width} px`;
  return html`<figure><figcaption>${name}</figcaption><iframe title="${name}" src="${pathOf(shown)}.html?scheme=${scheme}" width="${width}" height="640" sandbox="allow-same-origin"></iframe></figure>
`;
}

function indexOf(examples: readonly Example[], shown: Example): Html[] {
  const topics = [...new Set(examples.map(({ topic }) => topic))];
  return topics.map((topic) => {
    const entries = examples.filter((example) => example.topic === topic);
    return html`<h2>${topic}</h2><ul>${entries.map((entry) => linkTo(entry, entry === shown))}</ul>`;
  });
}

function linkTo(example: Example, isShown: boolean): Html {
  const current = isShown ? html` aria-current="page"` : "";
  return html`<li><a href="${pathOf(example)}"${current}>${example.when}</a></li>`;
}

function documentOf(title: string, content: Html): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Mails</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css">
<script src="/frames.js" defer></script>
</head>
<body>
${content}
</body>
</html>
`.text;
}

/** A frame is as high as its mail. */
export const FRAMES = `
for (const frame of document.querySelectorAll("iframe")) {
  const fit = () => {
    frame.height = 0;
    frame.height = frame.contentDocument.documentElement.scrollHeight;
  };
  frame.addEventListener("load", fit);
  if (frame.contentDocument?.readyState === "complete") fit();
}
`;

export const STYLE = `
:root { color-scheme: light dark; --back: #f4f5f9; --text: #1c1e2b; --soft: #565a70; --line: #d5d8e4; --accent: #4f46d8; }
@media (prefers-color-scheme: dark) {
  :root { --back: #14151d; --text: #eceef6; --soft: #a9aec4; --line: #3a3d4e; --accent: #a5a0ff; }
}
* { box-sizing: border-box; }
body { display: flex; flex-wrap: wrap; margin: 0; background: var(--back); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
nav { flex: 1 0 15rem; max-width: 100%; padding: 1.5rem; }
main { flex: 999 1 20rem; min-width: 0; padding: 1.5rem; overflow-wrap: anywhere; }
h1 { margin: 0 0 .5rem; font-size: 1.5rem; line-height: 1.25; }
h2 { margin: 1.25rem 0 .25rem; font-size: .85rem; color: var(--soft); }
nav h2:first-child { margin-top: 0; }
nav ul { margin: 0; padding: 0; list-style: none; }
nav a { display: block; padding: .15rem 0; color: var(--accent); }
nav a[aria-current] { font-weight: 700; color: var(--text); text-decoration: none; }
.topic { margin: 0; color: var(--soft); }
.parts { display: flex; flex-wrap: wrap; align-items: flex-start; gap: 1.5rem; }
figure { margin: 0; max-width: 100%; }
figcaption { margin-bottom: .35rem; font-size: .85rem; color: var(--soft); }
iframe, pre { display: block; max-width: 100%; border: 0; border-radius: .5rem; outline: 1px solid var(--line); }
pre { width: 22.5rem; margin: 0; padding: 1rem; white-space: pre-wrap; font: .85rem/1.5 ui-monospace, Menlo, Consolas, monospace; }
`;
