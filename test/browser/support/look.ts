import axe from "axe-core";
import type { Page } from "playwright-core";

interface AxeResults {
  readonly violations: readonly { id: string; nodes: readonly { html: string }[] }[];
}

/** What axe objects to on a page; `tags` are those of its rules that count, all without any. */
export async function violations(page: Page, tags?: readonly string[]): Promise<string[]> {
  await page.evaluate(axe.source);
  const options = tags === undefined ? {} : { runOnly: tags };
  const { violations: found } = await page.evaluate<AxeResults>(
    `axe.run(${JSON.stringify(options)})`,
  );
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

/** How many pixels a page is wider than its window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}
