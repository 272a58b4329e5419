import { type Html, html } from "./html.ts";

export interface PageOptions {
  title: string;
  status?: number;
  wide?: boolean;
  /** Origins that forms of this page may end up at, redirects included. */
  formTargets?: string[];
}

/** A complete answer with its security headers. */
export function page(content: Html, options: PageOptions): Response {
  const { title, status = 200, wide = false, formTargets = [] } = options;
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Stripe emulator</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header class="banner">Stripe emulator · no real money</header>
<main${wide ? html` class="wide"` : ""}>
${content}
</main>
</body>
</html>
`;
  return new Response(document.text, {
    status,
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": policy(formTargets),
      ...PAGE_HEADERS,
    },
  });
}

export const PAGE_HEADERS = {
  "Cache-Control": "no-store",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
};

/** Browsers hold `form-action` against redirects too, so the shop's own origin must be in it. */
function policy(formTargets: string[]): string {
  const targets = ["'self'", ...new Set(formTargets)].join(" ");
  return [
    "default-src 'none'",
    "style-src 'self'",
    "img-src http: https: data:",
    `form-action ${targets}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

export function redirect(location: string): Response {
  return new Response(null, { status: 303, headers: { Location: location, ...PAGE_HEADERS } });
}

/** A plain page for what went wrong. */
export function messagePage(status: number, title: string, text: string): Response {
  return page(html`<h1>${title}</h1><p>${text}</p>`, { title, status });
}
