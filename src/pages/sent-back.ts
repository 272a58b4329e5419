import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import * as z from "zod";
import { MINUTE_MS, SECOND_MS } from "../platform/clock.ts";
import type { ErrorCode } from "../platform/errors.ts";
import { seal, unseal } from "../platform/token-secrets.ts";
import type { PageRequest } from "./context.ts";
import type { FieldErrors, Form } from "./form.ts";
import { HOST_COOKIE } from "./session.ts";

const COOKIE = "sent-back";
const LIFE_MS = MINUTE_MS;
/** Browsers keep 4,096 bytes of a cookie; sealed and encoded, this much text stays below. https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#section-5.7 */
const MAX_BYTES = 2600;
const MAX_SENTENCE_CHARS = 300;
/** What is shown again. No password is among it, and nothing that is a right. */
const KEPT = new Set([
  ...["email", "name", "line1", "line2", "postalCode", "city", "region", "country"],
  ...["discountCode", "variant", "quantity"],
]);

/** A form that could not be followed, and why. */
export interface Refused {
  readonly code: ErrorCode;
  readonly form: Form;
  readonly errors: FieldErrors;
  /** What is said when no single field is to blame. */
  readonly failure?: string | undefined;
}

/** One whose fields are wrong or missing. */
export function invalid(form: Form, errors: FieldErrors): Refused {
  return { code: "VALIDATION_FAILED", form, errors };
}

const keptSchema = z.strictObject({
  /** The page that says it, the form's own address, and who is signed in: for nobody else. */
  page: z.string(),
  address: z.string(),
  userId: z.string().nullable(),
  until: z.int(),
  code: z.string(),
  fields: z.array(z.tuple([z.string(), z.string()])),
  errors: z.record(z.string(), z.string()),
  failure: z.string().optional(),
});
type Kept = z.infer<typeof keptSchema>;

/**
 * Answers a form that could not be followed: with the way back to its page, which says what was wrong and has what was
 * typed. A page that were the answer to the form itself would be sent once more by a step back or a refresh. What was
 * typed waits for a minute in a sealed cookie; of more than fits, the longest fields are left out.
 */
export async function sendBack(c: PageRequest, to: string, refused: Refused): Promise<Response> {
  const { ctx } = c.var;
  const { code, form, errors, failure } = refused;
  ctx.log.set({ code });
  const kept = fitting({
    page: pathOf(to, c.req.url),
    address: c.req.path,
    userId: ctx.actor.user?.id ?? null,
    until: ctx.now() + LIFE_MS,
    code,
    fields: [...form].filter(([name]) => KEPT.has(name)),
    errors: Object.fromEntries(
      Object.entries(errors).map(([name, sentence]) => [name, bounded(sentence)]),
    ),
    ...(failure === undefined ? {} : { failure: bounded(failure) }),
  });
  setCookie(c, COOKIE, await seal(ctx.config, JSON.stringify(kept)), {
    ...HOST_COOKIE,
    maxAge: LIFE_MS / SECOND_MS,
  });
  return c.redirect(to, 303);
}

export interface SentBack {
  /** The address that the form was sent to. */
  readonly address: string;
  readonly code: string;
  readonly form: Form;
  readonly errors: FieldErrors;
  readonly failure?: string | undefined;
}

/** What this page has to say of a form that was sent a moment ago; said once. */
export async function sentBack(c: PageRequest): Promise<SentBack | undefined> {
  const sealed = getCookie(c, COOKIE, HOST_COOKIE.prefix);
  const kept = sealed === undefined ? undefined : await open(c, sealed);
  const { ctx } = c.var;
  if (kept === undefined || kept.page !== pathOf(c.req.url, c.req.url)) return undefined;
  deleteCookie(c, COOKIE, { prefix: "host", path: "/", secure: true });
  if (kept.until <= ctx.now() || kept.userId !== (ctx.actor.user?.id ?? null)) return undefined;
  const { address, code, fields, errors, failure } = kept;
  return { address, code, form: new Map(fields), errors, failure };
}

/** Undefined for what the shop has not sealed. */
async function open(c: PageRequest, sealed: string): Promise<Kept | undefined> {
  try {
    return keptSchema.parse(JSON.parse((await unseal(c.var.ctx.config, sealed)) ?? ""));
  } catch {
    return undefined;
  }
}

/** Without its longest fields where they are too much. */
function fitting(kept: Kept): Kept {
  const bytes = new TextEncoder().encode(JSON.stringify(kept)).length;
  if (bytes <= MAX_BYTES || kept.fields.length === 0) return kept;
  const longest = Math.max(...kept.fields.map(([, value]) => value.length));
  const fields = kept.fields.filter(([, value]) => value.length < longest);
  return fitting({ ...kept, fields });
}

function bounded(sentence: string): string {
  return sentence.slice(0, MAX_SENTENCE_CHARS);
}

function pathOf(address: string, here: string): string {
  return new URL(address, here).pathname;
}
