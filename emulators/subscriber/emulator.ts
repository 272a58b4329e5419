/** A request as it came. */
export interface Received {
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** What it was answered; null for one that is not answered. */
  readonly status: number | null;
}

/** What a host does with every n-th request, instead of taking it. */
export interface Behaviour {
  readonly every?: number;
  /** 200 unless said; null: no answer ever comes. */
  readonly status?: number | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface SubscriberEmulator {
  readonly fetch: (request: Request) => Promise<Response>;
}

/** Anybody who is told of events, at whatever host: takes all, keeps what came, and can be told to behave badly. */
export function createSubscriberEmulator(): SubscriberEmulator {
  let received: Received[] = [];
  const behaviours = new Map<string, Behaviour>();
  const counts = new Map<string, number>();

  async function take(request: Request): Promise<Response> {
    const { hostname: host, pathname: path } = new URL(request.url);
    const count = (counts.get(host) ?? 0) + 1;
    counts.set(host, count);
    const behaviour = behaviours.get(host);
    const bad = behaviour !== undefined && count % (behaviour.every ?? 1) === 0;
    const status = bad ? (behaviour.status === undefined ? 500 : behaviour.status) : 200;
    const headers = Object.fromEntries(request.headers);
    const { method } = request;
    received.push({ host, method, path, headers, body: await request.text(), status });
    if (status === null) return new Promise(() => undefined);
    const answered = bad && behaviour.headers !== undefined ? { headers: behaviour.headers } : {};
    return new Response(status === 204 ? null : "Thanks", { status, ...answered });
  }

  async function control(path: string, request: Request): Promise<Response> {
    if (path === "/received") return Response.json({ received });
    if (path === "/behaviour") {
      const said = (await request.json()) as Behaviour & { readonly host: string }; // as the tests send it
      const { host, ...behaviour } = said;
      counts.delete(host);
      behaviours.set(host, behaviour);
      return Response.json({});
    }
    if (path === "/reset") {
      received = [];
      behaviours.clear();
      counts.clear();
      return Response.json({});
    }
    return new Response("The subscriber emulator has no such control", { status: 404 });
  }

  return {
    fetch: async (request) => {
      const { pathname } = new URL(request.url);
      if (pathname.startsWith("/_emulator/"))
        return control(pathname.slice("/_emulator".length), request);
      return take(request);
    },
  };
}
