import { createEmulator, type Emulator } from "emulate";
import { createStripeEmulator } from "../../emulators/stripe/emulator.ts";

export interface Internet {
  readonly fetch: (request: Request) => Promise<Response>;
  readonly close: () => Promise<void>;
}

/** Requests of one key that the emulated Resend takes in an hour, less some. */
const REQUESTS_A_KEY = 4000;

const internets: Internet[] = [];

/** The internet as one runtime sees it: an emulated Stripe and an emulated Resend of its own, and nobody else. */
export function createInternet(stripeWebhookSecret: string): Internet {
  const stripe = createStripeEmulator({
    publicUrl: "http://stripe.test",
    webhookSecret: stripeWebhookSecret,
  });
  let mail: Promise<Emulator> | undefined;
  let mailsAsked = 0;

  async function askResend(request: Request): Promise<Response> {
    mail ??= createEmulator({ service: "resend", port: 0 });
    const { url } = await mail;
    const { pathname, search } = new URL(request.url);
    const body = request.body === null ? null : await request.arrayBuffer();
    mailsAsked += 1;
    const key = Math.floor(mailsAsked / REQUESTS_A_KEY);
    const authorization = `${request.headers.get("Authorization")}_${key}`;
    const headers = { ...Object.fromEntries(request.headers), authorization };
    return fetch(url + pathname + search, { method: request.method, headers, body });
  }

  const move = (path: string, body: object) =>
    stripe.fetch(
      new Request(`http://stripe.test/_emulator${path}`, {
        method: "POST",
        body: JSON.stringify(body),
      }),
    );

  /** Both parties forget everything; the body is what Stripe's clock says from now on. */
  async function begin(request: Request): Promise<Response> {
    (await mail)?.reset();
    await move("/reset", {});
    return move("/clock", (await request.json()) as object);
  }

  const internet: Internet = {
    fetch: async (request) => {
      const { hostname } = new URL(request.url);
      if (hostname === "internet.test") return begin(request);
      if (hostname === "stripe.test") return stripe.fetch(request);
      if (hostname === "resend.test") return askResend(request);
      return new Response(`Nobody meant ${request.url}`, { status: 599 });
    },
    close: async () => {
      await (await mail)?.close();
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
