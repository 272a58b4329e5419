import { createEmulator, type Emulator } from "emulate";
import { createCloudflareEmulator } from "../../emulators/cloudflare/emulator.ts";
import { createDnsEmulator } from "../../emulators/dns/emulator.ts";
import { createStripeEmulator, type StripeEmulator } from "../../emulators/stripe/emulator.ts";
import { createSubscriberEmulator } from "../../emulators/subscriber/emulator.ts";
import { createTurnstileEmulator } from "../../emulators/turnstile/emulator.ts";

export interface Internet {
  readonly fetch: (request: Request) => Promise<Response>;
  readonly close: () => Promise<void>;
}

interface Account {
  readonly stripeSecretKey: string;
  readonly stripeWebhookSecret: string;
}

/** Requests of one key that the emulated Resend takes in an hour, less some. */
const REQUESTS_A_KEY = 4000;

const internets: Internet[] = [];

/**
 * The internet as one runtime sees it: an emulated Stripe, Resend, Turnstile and Cloudflare of its own, a resolver, subscribers, and nobody else but
 * `internet.test`, where tests arrange what would take them thousands of requests.
 */
export function createInternet(account: Account): Internet {
  const stripe = createStripeEmulator({
    publicUrl: "http://stripe.test",
    webhookSecret: account.stripeWebhookSecret,
  });
  const resend = startResend();
  const cloudflare = createCloudflareEmulator({ id: "0".repeat(32), token: "purge-token" });
  const turnstile = createTurnstileEmulator({ secretKey: "turnstile-secret" });

  const dns = createDnsEmulator();
  const subscriber = createSubscriberEmulator();

  async function arrange(request: Request): Promise<Response> {
    const wanted = await request.json();
    if (new URL(request.url).pathname === "/begin") {
      await resend.reset();
      await control(stripe, "/reset", {});
      await cloudflare.fetch(new Request("http://cloudflare.test/_emulator/reset"));
      await subscriber.fetch(new Request("http://subscriber.test/_emulator/reset"));
      await dns.fetch(
        new Request("http://dns.test/_emulator/reset", { method: "POST", body: "{}" }),
      );
      await control(stripe, "/clock", wanted as { now: number | null }); // as test/support/stripe.ts sends it
    } else {
      await openPages(stripe, account, wanted as { count: number; paid: boolean }); // the same
    }
    return Response.json({});
  }

  const internet: Internet = {
    fetch: async (request) => {
      const { hostname } = new URL(request.url);
      if (hostname === "stripe.test") return stripe.fetch(request);
      if (hostname === "resend.test") return resend.fetch(request);
      if (hostname === "turnstile.test") return turnstile.fetch(request);
      if (hostname === "cloudflare.test") return cloudflare.fetch(request);
      if (hostname === "dns.test") return dns.fetch(request);
      if (/(^|[.])subscriber[.]test$/.test(hostname)) return subscriber.fetch(request);
      if (hostname === "internet.test") return arrange(request);
      return new Response(`Nobody meant ${request.url}`, { status: 599 });
    },
    close: async () => {
      await resend.close();
      await stripe.close();
    },
  };
  internets.push(internet);
  return internet;
}

/** Ends the mail servers with the run, which would wait for them otherwise. */
export const endInternets = {
  name: "end-internets",
  closeBundle: async () => {
    for (const internet of internets.splice(0)) await internet.close();
  },
};

/** Starts when it is first asked. */
function startResend() {
  let running: Promise<Emulator> | undefined;
  let asked = 0;
  return {
    fetch: async (request: Request): Promise<Response> => {
      running ??= createEmulator({ service: "resend", port: 0 });
      const { url } = await running;
      const { pathname, search } = new URL(request.url);
      const body = request.body === null ? null : await request.arrayBuffer();
      asked += 1;
      const key = `${request.headers.get("Authorization")}_${Math.floor(asked / REQUESTS_A_KEY)}`;
      const headers = { ...Object.fromEntries(request.headers), authorization: key };
      return fetch(url + pathname + search, { method: request.method, headers, body });
    },
    reset: async () => (await running)?.reset(),
    close: async () => (await running)?.close(),
  };
}

async function control(stripe: StripeEmulator, path: string, body: object): Promise<void> {
  const url = `http://stripe.test/_emulator${path}`;
  const answer = await stripe.fetch(
    new Request(url, { method: "POST", body: JSON.stringify(body) }),
  );
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
}

/** Payment pages of another shop on the same account; all of them are paid where it says so. */
async function openPages(
  stripe: StripeEmulator,
  { stripeSecretKey }: Account,
  { count, paid }: { count: number; paid: boolean },
): Promise<void> {
  const body = new URLSearchParams({
    mode: "payment",
    success_url: "https://other.test",
    "line_items[0][quantity]": "1",
    "line_items[0][price_data][currency]": "usd",
    "line_items[0][price_data][unit_amount]": "100",
    "line_items[0][price_data][product_data][name]": "Thing",
  });
  const headers = { Authorization: `Bearer ${stripeSecretKey}` };
  for (let made = 0; made < count; made += 1) {
    const sent = new Request("http://stripe.test/v1/checkout/sessions", {
      method: "POST",
      headers,
      body,
    });
    const { id } = (await (await stripe.fetch(sent)).json()) as { id: string }; // as Stripe documents it
    if (paid) await control(stripe, `/sessions/${id}/pay`, {});
  }
}
