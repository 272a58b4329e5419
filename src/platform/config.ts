import * as z from "zod";
import { type DelayedPayment, delayedPaymentsVariable } from "./delayed-payments.ts";
import { emailAddress } from "./email.ts";
import { countriesVariable, type ShippingRate, shippingRatesVariable } from "./shipping.ts";
import type { TokenSecrets } from "./token-secrets.ts";

/** What wrangler.toml binds. */
export interface Bindings {
  readonly DB: D1Database;
  readonly SEARCH: D1Database;
  readonly JOBS: Queue<unknown>;
  /** Of its own, so that a subscriber who is slow to answer keeps nothing else waiting. */
  readonly DELIVERIES: Queue<unknown>;
  readonly IMAGES: R2Bucket;
  /** Of exports and imports; nobody reads it but through the shop. */
  readonly FILES: R2Bucket;
  readonly ARCHIVE?: R2Bucket;
  /** Which upload of the Worker this is. */
  readonly VERSION?: WorkerVersionMetadata;
  readonly RATE_LIMIT: RateLimit;
  readonly RATE_LIMIT_RESERVATIONS: RateLimit;
  readonly RATE_LIMIT_SIGN_IN: RateLimit;
}

const MIN_SECRET_CHARS = 32;
/** Many honest people may sit behind one address. */
const HOLDS_PER_CALLER = 20;
const secret = () =>
  z.string().min(MIN_SECRET_CHARS, `needs at least ${MIN_SECRET_CHARS} characters`);
const origin = () =>
  z
    .url({ protocol: /^https?$/, error: "must be an http(s) address" })
    .refine((text) => !text.endsWith("/"), "must not end with a slash");
/** What stands in a header that browsers obey is one host and nothing else. */
const ONE_HOST = /^https:\/\/[a-z0-9.-]+(:\d+)?$/;
/** An empty variable is an absent one: dashboards and env files cannot leave a name out. */
const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === "" ? undefined : value), schema.optional());

/** https://www.iana.org/time-zones */
function isTimeZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: text });
    return !/^[+-]/.test(text);
  } catch {
    return false;
  }
}

const FIRST_ORDER_NUMBER = 1001;
const CLOSED = "closed";
const orderNumbersFrom = () =>
  z.coerce
    .string()
    .regex(/^(closed|[1-9]\d{0,8})$/, `must be the number of the next order, or ${CLOSED}`);

/** Every variable the Worker reads; the descriptions are what a failing start-up says. */
export const configSchema = z
  .object({
    TOKEN_SECRET: secret().describe("signs guests' order links and encrypts stored answers"),
    TOKEN_SECRET_PREVIOUS: optional(secret()).describe(
      "the TOKEN_SECRET before this one, as long as something is out there that it has made",
    ),
    STRIPE_SECRET_KEY: z
      .string()
      .regex(/^(sk|rk)_/, "must start with sk_ or rk_")
      .describe("the key to Stripe's API"),
    STRIPE_WEBHOOK_SECRET: z
      .string()
      .startsWith("whsec_", "must start with whsec_")
      .describe("verifies that a webhook comes from Stripe"),
    PUBLIC_URL: origin().describe("where customers reach the shop"),
    SHOP_NAME: optional(z.string()).describe("the name in page titles and mail"),
    SHOP_TIME_ZONE: optional(
      z.string().refine(isTimeZone, "must be an IANA time zone such as Europe/Berlin"),
    ).describe("the time zone whose days reports and receipts go by"),
    SHOP_ID: optional(
      z
        .string()
        .regex(/^[\w.:-]{1,100}$/, "must be 1 to 100 letters, digits, dots, colons or dashes"),
    ).describe("tells this shop's payments from those of others on the same Stripe account"),
    RESEND_API_KEY: optional(z.string()).describe(
      "the key to Resend's API; without it no mail is sent",
    ),
    MAIL_FROM: optional(z.string()).describe("the sender of mail"),
    OPERATOR_EMAIL: optional(emailAddress("must be a mail address")).describe(
      "who is told when something is wrong",
    ),
    CORS_ORIGINS: optional(z.string()).describe("origins of storefronts, separated by commas"),
    SHIPPING_RATES: optional(shippingRatesVariable).describe(
      "the ways of delivery and their prices",
    ),
    SHIPPING_COUNTRIES: optional(countriesVariable).describe(
      "where the shop delivers to, for addresses that the payment page asks for",
    ),
    STRIPE_TAX: optional(
      z.enum(["exclusive", "inclusive"], { error: "must be exclusive or inclusive" }),
    ).describe("lets Stripe Tax add tax to prices, or find it in them"),
    ORDER_NUMBERS_FROM: optional(orderNumbersFrom()).describe(
      "what the shop is open from after its database was put back, or closed",
    ),
    DELAYED_PAYMENTS: optional(delayedPaymentsVariable).describe(
      "the payment methods that take days, and how long goods wait for each",
    ),
    STRIPE_CHECKOUT_URL: optional(origin().regex(ONE_HOST, "must be one origin, no path")).describe(
      "the shop's own domain for Stripe's payment pages, where it has one",
    ),
    STRIPE_API_URL: optional(origin()).describe("another address for Stripe's API"),
    RESEND_API_URL: optional(origin()).describe("another address for Resend's API"),
    UPSTASH_REDIS_REST_URL: optional(origin()).describe("the Redis that counts for rate limits"),
    UPSTASH_REDIS_REST_TOKEN: optional(z.string()).describe("the token of that Redis"),
    TURNSTILE_SECRET_KEY: optional(z.string()).describe("asks for a person before goods are held"),
    TURNSTILE_SITE_KEY: optional(z.string()).describe("the public half of that key, for the form"),
    TURNSTILE_API_URL: optional(origin()).describe("another address for Turnstile's API"),
    HOLDS_PER_CALLER: optional(
      z.coerce
        .number("must be a number")
        .int("must be a whole number")
        .min(1, "must be at least 1"),
    ).describe("how many unpaid holds one caller may have at once"),
    CATALOG_MEMORY: optional(z.enum(["on", "off"], { error: "must be on or off" })).describe(
      "whether the catalog is kept in memory for two seconds",
    ),
    READ_REPLICAS: optional(z.enum(["on", "off"], { error: "must be on or off" })).describe(
      "whether the catalog is read from copies of the database that are near",
    ),
    IMAGE_RESIZING: optional(z.enum(["on", "off"], { error: "must be on or off" })).describe(
      "whether Cloudflare makes smaller pictures for pages",
    ),
    CACHE_ZONE_ID: optional(
      z.string().regex(/^[0-9a-f]{32}$/, "must be the 32 digits and letters of a zone"),
    ).describe("the Cloudflare zone whose caches are told of a changed catalog"),
    CACHE_PURGE_TOKEN: optional(z.string()).describe("a token of Cloudflare that may purge them"),
    CLOUDFLARE_API_URL: optional(origin()).describe("another address for Cloudflare's API"),
    DNS_API_URL: optional(origin()).describe("another resolver that speaks DNS over HTTPS"),
    PRIVATE_WEBHOOKS: optional(
      z.enum(["allowed", "refused"], { error: "must be allowed or refused" }),
    ).describe("whether webhooks may go to private addresses, and without TLS; for development"),
    RATE_LIMIT_SCALE: optional(
      z.coerce.number("must be a number").positive("must be more than 0"),
    ).describe("multiplies every rate limit"),
  })
  .refine(
    (env) =>
      (env.UPSTASH_REDIS_REST_URL === undefined) === (env.UPSTASH_REDIS_REST_TOKEN === undefined),
    {
      path: ["UPSTASH_REDIS_REST_TOKEN"],
      error: "and UPSTASH_REDIS_REST_URL are only good together",
    },
  )
  .refine(
    (env) => (env.TURNSTILE_SECRET_KEY === undefined) === (env.TURNSTILE_SITE_KEY === undefined),
    { path: ["TURNSTILE_SITE_KEY"], error: "and TURNSTILE_SECRET_KEY are only good together" },
  )
  .refine((env) => (env.CACHE_ZONE_ID === undefined) === (env.CACHE_PURGE_TOKEN === undefined), {
    path: ["CACHE_PURGE_TOKEN"],
    error: "and CACHE_ZONE_ID are only good together",
  })
  .refine((env) => env.RESEND_API_KEY === undefined || env.MAIL_FROM !== undefined, {
    path: ["MAIL_FROM"],
    error: "is needed when RESEND_API_KEY is set",
  });

export interface Config extends TokenSecrets {
  readonly publicUrl: string;
  readonly shopName: string;
  /** The IANA time zone whose days the reports count by. */
  readonly timeZone: string;
  /** What is written on payments at the provider, so that another shop on the same account leaves them alone. */
  readonly shopId: string;
  readonly corsOrigins: readonly string[];
  readonly stripe: {
    readonly secretKey: string;
    readonly webhookSecret: string;
    readonly apiUrl: string | undefined;
    /** The shop's own domain for payment pages. */
    readonly checkoutUrl: string | undefined;
  };
  /** What a payment page offers besides the goods; `tax` says what prices are, where Stripe Tax is on. */
  readonly terms: {
    readonly rates: readonly ShippingRate[];
    readonly countries: readonly string[];
    readonly tax: "exclusive" | "inclusive" | null;
    readonly delayed: readonly DelayedPayment[];
  };
  /** No order has a smaller number since the shop was opened; null while it is closed. */
  readonly ordersFrom: number | null;
  readonly mail:
    | { readonly apiKey: string; readonly from: string; readonly apiUrl: string | undefined }
    | undefined;
  /** The check that a person asks for a hold; undefined where there is none. */
  readonly turnstile:
    | { readonly secretKey: string; readonly siteKey: string; readonly apiUrl?: string | undefined }
    | undefined;
  /** Who is told when a person has to look. */
  readonly operatorEmail: string | undefined;
  /** How many unpaid holds one account, API key or guest's address may have at once. */
  readonly holdsPerCaller: number;
  /** Whether shoppers may be shown a catalog of two seconds ago, for a database that is asked less. */
  readonly catalogMemory: boolean;
  /** Whether the catalog may be read from a copy of the database. */
  readonly readReplicas: boolean;
  /** Whether the shop's zone makes smaller pictures of its own. */
  readonly imageResizing: boolean;
  /** Whose caches are told of a changed catalog; undefined where nobody's are. */
  readonly purge:
    | { readonly zone: string; readonly token: string; readonly apiUrl: string | undefined }
    | undefined;
  /** Where the addresses of subscribers are looked up, and whether those that are nobody else's to reach are good. */
  readonly webhooksOut: { readonly dnsUrl: string | undefined; readonly anywhere: boolean };
  readonly rateLimit: {
    readonly scale: number;
    readonly redis: { readonly url: string; readonly token: string } | undefined;
  };
}

/** The start-up failed for what the operator configured. The message names each variable and what it is for. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** Reads the environment once. Throws `ConfigError` naming every variable that is missing or wrong. */
export function parseConfig(env: object): Config {
  const parsed = configSchema.safeParse(env);
  if (!parsed.success) throw new ConfigError(explain(parsed.error));
  const vars = parsed.data;
  return {
    tokenSecret: vars.TOKEN_SECRET,
    previousTokenSecret: vars.TOKEN_SECRET_PREVIOUS,
    publicUrl: vars.PUBLIC_URL,
    shopName: vars.SHOP_NAME ?? "Holdfast",
    timeZone: vars.SHOP_TIME_ZONE ?? "UTC",
    shopId: vars.SHOP_ID ?? new URL(vars.PUBLIC_URL).host,
    corsOrigins: (vars.CORS_ORIGINS ?? "")
      .split(",")
      .map((one) => one.trim())
      .filter((one) => one !== ""),
    stripe: {
      secretKey: vars.STRIPE_SECRET_KEY,
      webhookSecret: vars.STRIPE_WEBHOOK_SECRET,
      apiUrl: vars.STRIPE_API_URL,
      checkoutUrl: vars.STRIPE_CHECKOUT_URL,
    },
    terms: {
      rates: vars.SHIPPING_RATES ?? [],
      countries: vars.SHIPPING_COUNTRIES ?? [],
      tax: vars.STRIPE_TAX ?? null,
      delayed: vars.DELAYED_PAYMENTS ?? [],
    },
    ordersFrom: readOrdersFrom(vars.ORDER_NUMBERS_FROM),
    mail:
      vars.RESEND_API_KEY === undefined || vars.MAIL_FROM === undefined
        ? undefined
        : { apiKey: vars.RESEND_API_KEY, from: vars.MAIL_FROM, apiUrl: vars.RESEND_API_URL },
    turnstile:
      vars.TURNSTILE_SECRET_KEY === undefined || vars.TURNSTILE_SITE_KEY === undefined
        ? undefined
        : {
            secretKey: vars.TURNSTILE_SECRET_KEY,
            siteKey: vars.TURNSTILE_SITE_KEY,
            apiUrl: vars.TURNSTILE_API_URL,
          },
    operatorEmail: vars.OPERATOR_EMAIL,
    holdsPerCaller: vars.HOLDS_PER_CALLER ?? HOLDS_PER_CALLER,
    catalogMemory: vars.CATALOG_MEMORY !== "off",
    imageResizing: vars.IMAGE_RESIZING === "on",
    readReplicas: vars.READ_REPLICAS === "on",
    purge:
      vars.CACHE_ZONE_ID === undefined || vars.CACHE_PURGE_TOKEN === undefined
        ? undefined
        : {
            zone: vars.CACHE_ZONE_ID,
            token: vars.CACHE_PURGE_TOKEN,
            apiUrl: vars.CLOUDFLARE_API_URL,
          },
    webhooksOut: { dnsUrl: vars.DNS_API_URL, anywhere: vars.PRIVATE_WEBHOOKS === "allowed" },
    rateLimit: {
      scale: vars.RATE_LIMIT_SCALE ?? 1,
      redis:
        vars.UPSTASH_REDIS_REST_URL === undefined || vars.UPSTASH_REDIS_REST_TOKEN === undefined
          ? undefined
          : { url: vars.UPSTASH_REDIS_REST_URL, token: vars.UPSTASH_REDIS_REST_TOKEN },
    },
  };
}

function readOrdersFrom(text: string = String(FIRST_ORDER_NUMBER)): number | null {
  return text === CLOSED ? null : Number(text);
}

function explain(error: z.ZodError): string {
  const shape: Record<string, z.ZodType> = configSchema.shape;
  const lines = error.issues.map((issue) => {
    const name = String(issue.path[0]);
    const purpose = shape[name]?.description ?? "";
    const problem = issue.code === "invalid_type" ? "is missing" : issue.message;
    return `${name} (${purpose}) ${problem}`;
  });
  return `The configuration is not usable: ${lines.join("; ")}. .dev.vars.example explains each variable.`;
}
