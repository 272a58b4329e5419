/** Text that came from outside, made safe for HTML. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** The frame of every mail; `body` is HTML already. Styles are inline, because mail programs drop the rest. */
export function frame(shopName: string, heading: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(heading)}</title></head><body style="margin:0;padding:24px;background:#f6f3ee;color:#2a2521;font:16px/1.5 -apple-system,'Segoe UI',sans-serif"><div style="max-width:560px;margin:0 auto;background:#ffffff;border-radius:12px;padding:32px"><p style="margin:0 0 24px;font-weight:700">${escapeHtml(shopName)}</p><h1 style="margin:0 0 16px;font-size:24px;line-height:1.25">${escapeHtml(heading)}</h1>${body}</div></body></html>`;
}

export function button(url: string, label: string): string {
  return `<p style="margin:24px 0 0"><a href="${escapeHtml(url)}" style="display:inline-block;background:#2a2521;color:#ffffff;text-decoration:none;padding:12px 20px;border-radius:8px">${escapeHtml(label)}</a></p>`;
}
