import * as z from "zod";
import { emailAddress } from "./email.ts";
import { countriesVariable, type ShippingRate, shippingRatesVariable } from "./shipping.ts";

/** What wrangler.toml binds. */
export interface Bindings {
  readonly DB: D1Database;
  readonly SEARCH: D1Database;
  readonly JOBS: Queue<unknown>;
  readonly RATE_LIMIT: RateLimit;
  readonly RATE_LIMIT_RESERVATIONS: RateLimit;
  readonly RATE_LIMIT_SIGN_IN: RateLimit;
}

const MIN_SECRET_CHARS = 32;
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

/** Every variable the Worker reads; the descriptions are what a failing start-up says. */
export const configSchema = z
  .object({
    TOKEN_SECRET: secret().describe("signs guests' order links and encrypts stored answers"),
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
    STRIPE_CHECKOUT_URL: optional(origin().regex(ONE_HOST, "must be one origin, no path")).describe(
      "the shop's own domain for Stripe's payment pages, where it has one",
    ),
    STRIPE_API_URL: optional(origin()).describe("another address for Stripe's API"),
    RESEND_API_URL: optional(origin()).describe("another address for Resend's API"),
    UPSTASH_REDIS_REST_URL: optional(origin()).describe("the Redis that counts for rate limits"),
    UPSTASH_REDIS_REST_TOKEN: optional(z.string()).describe("the token of that Redis"),
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
  .refine((env) => env.RESEND_API_KEY === undefined || env.MAIL_FROM !== undefined, {
    path: ["MAIL_FROM"],
    error: "is needed when RESEND_API_KEY is set",
  });

export interface Config {
  readonly tokenSecret: string;
  readonly publicUrl: string;
  readonly shopName: string;
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
  };
  readonly mail:
    | { readonly apiKey: string; readonly from: string; readonly apiUrl: string | undefined }
    | undefined;
  /** Who is told when a person has to look. */
  readonly operatorEmail: string | undefined;
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
    publicUrl: vars.PUBLIC_URL,
    shopName: vars.SHOP_NAME ?? "Holdfast",
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
    },
    mail:
      vars.RESEND_API_KEY === undefined || vars.MAIL_FROM === undefined
        ? undefined
        : { apiKey: vars.RESEND_API_KEY, from: vars.MAIL_FROM, apiUrl: vars.RESEND_API_URL },
    operatorEmail: vars.OPERATOR_EMAIL,
    rateLimit: {
      scale: vars.RATE_LIMIT_SCALE ?? 1,
      redis:
        vars.UPSTASH_REDIS_REST_URL === undefined || vars.UPSTASH_REDIS_REST_TOKEN === undefined
          ? undefined
          : { url: vars.UPSTASH_REDIS_REST_URL, token: vars.UPSTASH_REDIS_REST_TOKEN },
    },
  };
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
