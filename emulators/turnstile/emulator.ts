export interface TurnstileEmulator {
  readonly fetch: (request: Request) => Promise<Response>;
}

interface Token {
  readonly madeAt: number;
  /** The `idempotency_key` of the call that has used it; null where that had none. */
  usedBy?: string | null;
}

/** A token is good for five minutes. https://developers.cloudflare.com/turnstile/get-started/server-side-validation/ */
const TOKEN_LIFE_MS = 300_000;
const MAX_TOKEN_CHARS = 2048;
const SITEVERIFY = "/turnstile/v0/siteverify";

/** Cloudflare Turnstile's side of a form: gives tokens to those who ask its control API, and verifies each once. */
export function createTurnstileEmulator({ secretKey }: { secretKey: string }): TurnstileEmulator {
  const tokens = new Map<string, Token>();
  let now = () => Date.now();
  let failure: number | undefined;

  function problemOf(fields: Record<string, unknown>): string | undefined {
    const { secret, response, idempotency_key: key = null } = fields;
    if (secret === undefined || secret === "") return "missing-input-secret";
    if (secret !== secretKey) return "invalid-input-secret";
    if (response === undefined || response === "") return "missing-input-response";
    const token = tokens.get(String(response));
    if (token === undefined || String(response).length > MAX_TOKEN_CHARS)
      return "invalid-input-response";
    const again = token.usedBy !== undefined && (key === null || token.usedBy !== key);
    if (again || now() - token.madeAt > TOKEN_LIFE_MS) return "timeout-or-duplicate";
    token.usedBy = key === null ? null : String(key);
    return undefined;
  }

  async function verify(request: Request): Promise<Response> {
    if (request.method !== "POST") return new Response("Method not allowed", { status: 405 });
    if (failure !== undefined) return new Response("upstream error", { status: failure });
    const problem = problemOf(await fieldsOf(request));
    const codes = problem === undefined ? [] : [problem];
    if (problem !== undefined) return Response.json({ success: false, "error-codes": codes });
    const challenge_ts = new Date(now()).toISOString();
    const about = { hostname: "shop.test", action: "hold", cdata: "" };
    return Response.json({ success: true, "error-codes": codes, challenge_ts, ...about });
  }

  async function control(path: string, body: Record<string, unknown>): Promise<Response> {
    if (path === "/tokens") {
      const token = `0.${crypto.randomUUID()}`;
      tokens.set(token, { madeAt: now() });
      return Response.json({ token });
    }
    if (path === "/behaviour") {
      failure = typeof body["status"] === "number" ? body["status"] : undefined;
      return Response.json({});
    }
    if (path === "/clock") {
      const at = body["now"];
      now = typeof at === "number" ? () => at : () => Date.now();
      return Response.json({});
    }
    return new Response("The Turnstile emulator has no such control", { status: 404 });
  }

  return {
    fetch: async (request) => {
      const { pathname } = new URL(request.url);
      if (pathname === SITEVERIFY) return verify(request);
      if (pathname.startsWith("/_emulator/"))
        return control(pathname.slice("/_emulator".length), await fieldsOf(request));
      return new Response("Not found", { status: 404 });
    },
  };
}

/** JSON or a form: siteverify takes both. */
async function fieldsOf(request: Request): Promise<Record<string, unknown>> {
  const json = request.headers.get("Content-Type")?.startsWith("application/json") ?? false;
  const text = await request.text();
  if (!json) return Object.fromEntries(new URLSearchParams(text));
  return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>); // an object, or the tests would notice
}
