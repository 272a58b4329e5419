export interface DnsEmulator {
  readonly fetch: (request: Request) => Promise<Response>;
}

export interface Records {
  readonly A?: readonly string[];
  readonly AAAA?: readonly string[];
}

/** Where a name leads that nobody has said anything of: an address of the internet. */
const SOMEWHERE: Records = { A: ["93.184.215.14"] };
const TYPES = { A: 1, AAAA: 28 } as const;
const CNAME = 5;
const NAME_ERROR = 3;

/**
 * A resolver that speaks DNS over HTTPS in JSON, as Cloudflare's does.
 * https://developers.cloudflare.com/1.1.1.1/encryption/dns-over-https/make-api-requests/dns-json/
 */
export function createDnsEmulator(): DnsEmulator {
  const names = new Map<string, Records | null>();
  let failure: number | undefined;

  function resolve(url: URL, accept: string | null): Response {
    const name = url.searchParams.get("name") ?? "";
    const type = url.searchParams.get("type") ?? "A";
    if (accept !== "application/dns-json" || name === "" || !isType(type))
      return new Response("Bad request", { status: 400 });
    if (failure !== undefined) return new Response("Bad gateway", { status: failure });
    const found = names.get(name.replace(/\.$/, ""));
    const records = found === undefined ? SOMEWHERE : found;
    const question = [{ name, type: TYPES[type] }];
    const flags = { TC: false, RD: true, RA: true, AD: false, CD: false };
    const body = { Status: records === null ? NAME_ERROR : 0, ...flags, Question: question };
    const data = records?.[type] ?? [];
    const alias = { name, type: CNAME, TTL: 60, data: `edge.${name}.` };
    const answer = data.map((one) => ({ name: alias.data, type: TYPES[type], TTL: 60, data: one }));
    const headers = { "Content-Type": "application/dns-json" };
    return Response.json(data.length === 0 ? body : { ...body, Answer: [alias, ...answer] }, {
      headers,
    });
  }

  async function control(path: string, request: Request): Promise<Response> {
    const said = (await request.json()) as Record<string, unknown>; // as the tests send it
    if (path === "/names") {
      for (const [name, records] of Object.entries(said))
        names.set(name, records as Records | null);
    } else if (path === "/behaviour") {
      failure = typeof said["status"] === "number" ? said["status"] : undefined;
    } else if (path === "/reset") {
      names.clear();
      failure = undefined;
    } else return new Response("The DNS emulator has no such control", { status: 404 });
    return Response.json({});
  }

  return {
    fetch: async (request) => {
      const url = new URL(request.url);
      if (url.pathname.startsWith("/_emulator/"))
        return control(url.pathname.slice("/_emulator".length), request);
      if (url.pathname === "/dns-query") return resolve(url, request.headers.get("Accept"));
      return new Response("Not found", { status: 404 });
    },
  };
}

function isType(text: string): text is keyof typeof TYPES {
  return Object.hasOwn(TYPES, text);
}
