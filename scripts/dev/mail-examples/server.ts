import { createServer } from "node:http";
import type { Example } from "../../../src/notifications/examples/example.ts";
import { examplePage, FRAMES, failurePage, htmlOf, pathOf, STYLE } from "./page.ts";
import { openExamples } from "./read-examples.ts";

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly policy: string;
}

const NOT_FOUND: Answer = answer(404, "text/plain", "There is no such mail.\n");
const ASSETS: Readonly<Record<string, Answer>> = {
  "/style.css": answer(200, "text/css", STYLE),
  "/frames.js": answer(200, "text/javascript", FRAMES),
};
/** A mail may do no more here than where it is read. */
const MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src https:";

/** Shows every mail with sample data, as the sources have it at each request. Port 0 picks a free one. */
export async function startMailExamples(
  port: number,
  entry?: string,
): Promise<{ url: string; close(): Promise<void> }> {
  const read = openExamples(entry);
  const server = createServer(async (incoming, outgoing) => {
    const url = new URL(incoming.url ?? "/", "http://localhost");
    const { status, type, body, policy } = await answerTo(url, read);
    outgoing
      .writeHead(status, {
        "Content-Type": `${type}; charset=utf-8`,
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
      })
      .end(body);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  const actualPort = typeof address === "object" && address !== null ? address.port : port;
  return {
    url: `http://localhost:${actualPort}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The page of an example, its HTML part alone, or what went wrong. */
async function answerTo(
  { pathname, searchParams }: URL,
  read: () => Promise<readonly Example[]>,
): Promise<Answer> {
  const asset = ASSETS[pathname];
  if (asset !== undefined) return asset;
  try {
    const examples = await read();
    const path = pathname === "/" ? undefined : pathname.replace(/\.html$/, "");
    const shown = examples.find((one) => path === undefined || path === pathOf(one));
    if (shown === undefined) return NOT_FOUND;
    if (!pathname.endsWith(".html")) return answer(200, "text/html", examplePage(examples, shown));
    const body = htmlOf(shown, searchParams.get("scheme"));
    return { ...answer(200, "text/html", body), policy: MAIL_POLICY };
  } catch (error) {
    return answer(500, "text/html", failurePage(error));
  }
}

function answer(status: number, type: string, body: string): Answer {
  const policy =
    "default-src 'none'; style-src 'self'; script-src 'self'; frame-src 'self'; img-src data:";
  return { status, type, body, policy };
}
