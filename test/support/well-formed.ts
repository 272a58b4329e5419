const STYLE = /<style>[^<]*<\/style>/g;
const TAG = /<(\/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"<]*")?)*)\s*(\/?)>/g;
/** https://html.spec.whatwg.org/multipage/syntax.html#void-elements */
const VOID = new Set(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta"]);

/** What is wrong with an HTML document: a tag that is not closed in its turn, or a sign that should be escaped. */
export function flawsOf(html: string): string[] {
  const flaws: string[] = [];
  const open: string[] = [];
  const body = html.replace(/^<!doctype html>/, "").replaceAll(STYLE, "");
  for (const [tag, closing, name = "", , alone] of body.matchAll(TAG)) {
    if (closing === "/") {
      if (open.pop() !== name) flaws.push(`${tag} closes nothing`);
    } else if (alone !== "/" && !VOID.has(name)) open.push(name);
  }
  const words = body.replaceAll(TAG, "");
  if (/[<>]|&(?!(amp|lt|gt|quot|#39);)/.test(words)) flaws.push(`not escaped: ${words}`);
  return [...flaws, ...open.map((name) => `<${name}> is not closed`)];
}
