export interface CloudflareEmulator {
  readonly fetch: (request: Request) => Promise<Response>;
}

const PURGE = /^\/client\/v4\/zones\/([0-9a-f]{32})\/purge_cache$/;
const MAX_TAGS = 30;

/** A zone's caches, as far as they can be told over the API to drop something. */
export function createCloudflareEmulator(zone: { id: string; token: string }): CloudflareEmulator {
  let purged: string[] = [];
  let failure: { status: number; success: boolean } | undefined;

  async function purge(request: Request, id: string | undefined): Promise<Response> {
    if (failure?.success === false) return refusal(failure.status, 10000, "Something went wrong");
    if (request.headers.get("Authorization") !== `Bearer ${zone.token}`)
      return refusal(403, 10000, "Authentication error");
    if (id !== zone.id) return refusal(404, 7003, "Could not route to the zone");
    const { tags } = (await request.json()) as { tags?: unknown }; // checked next
    if (!isTags(tags)) return refusal(400, 1012, "Request must contain tags");
    purged.push(...tags);
    // Done, though nobody hears of it.
    if (failure !== undefined) return refusal(failure.status, 10000, "Gateway timeout");
    return Response.json({ success: true, errors: [], messages: [], result: { id: zone.id } });
  }

  async function control(path: string, request: Request): Promise<Response> {
    if (path === "/purged") return Response.json({ purged: purged.splice(0) });
    if (path === "/behaviour") {
      failure = ((await request.json()) as { failure?: typeof failure }).failure; // as the README says
      return Response.json({});
    }
    if (path === "/reset") {
      purged = [];
      failure = undefined;
      return Response.json({});
    }
    return new Response("The Cloudflare emulator has no such control", { status: 404 });
  }

  return {
    fetch: async (request) => {
      const { pathname } = new URL(request.url);
      if (pathname.startsWith("/_emulator/"))
        return control(pathname.slice("/_emulator".length), request);
      const [path, id] = PURGE.exec(pathname) ?? [];
      if (path === undefined || request.method !== "POST")
        return refusal(404, 7003, "Could not route");
      return purge(request, id);
    },
  };
}

function isTags(tags: unknown): tags is string[] {
  return (
    Array.isArray(tags) &&
    tags.length > 0 &&
    tags.length <= MAX_TAGS &&
    tags.every((tag) => typeof tag === "string" && /^[\x21-\x7e]+$/.test(tag))
  );
}

function refusal(status: number, code: number, message: string): Response {
  const body = { success: false, errors: [{ code, message }], messages: [], result: null };
  return Response.json(body, { status });
}
