import * as z from "zod";
import { emailSchema, nameSchema, passwordSchema } from "../../identity/index.ts";
import { AppError } from "../../platform/errors.ts";
import type { FieldErrors, Form } from "../form.ts";

/** Longer than any password there can be: what comes after is not read. */
const MAX_GIVEN_CHARS = 1000;

/** How a field is read, and what is said when it is empty or wrong; without `wrong`, the schema's own sentence about it. */
interface Rule<T> {
  readonly schema: z.ZodType<T>;
  readonly missing: string;
  readonly wrong?: string;
  readonly subject?: string;
}

export const EMAIL: Rule<string> = {
  schema: emailSchema,
  missing: "Enter your email address.",
  wrong: "Enter an email address such as ada@example.com.",
};
export const NAME: Rule<string> = {
  schema: nameSchema,
  missing: "Enter your name.",
  subject: "Your name",
};
export const NEW_PASSWORD: Rule<string> = {
  schema: passwordSchema,
  missing: "Choose a password.",
  subject: "This password",
};
/** Any text: a wrong password is refused as wrong, whatever it looks like. */
export const GIVEN_PASSWORD: Rule<string> = {
  schema: z.string().transform((text) => text.slice(0, MAX_GIVEN_CHARS)),
  missing: "Enter your password.",
};
export const CURRENT_PASSWORD: Rule<string> = {
  ...GIVEN_PASSWORD,
  missing: "Enter the password that you have now.",
};

type Rules = Readonly<Record<string, Rule<string>>>;
type Values<R extends Rules> = { readonly [Name in keyof R]: string };
type ReadFields<R extends Rules> =
  | { readonly values: Values<R> }
  | { readonly errors: FieldErrors };

/** Reads these fields of a form by the rules of the API, in the order in which people are asked. */
export function readFields<R extends Rules>(form: Form, rules: R): ReadFields<R> {
  const values: Record<string, string> = {};
  const errors: Record<string, string> = {};
  for (const [name, rule] of Object.entries(rules)) {
    const typed = form.get(name) ?? "";
    const read = rule.schema.safeParse(typed);
    if (typed === "") errors[name] = rule.missing;
    else if (read.success) values[name] = read.data;
    else errors[name] = rule.wrong ?? about(rule.subject, read.error);
  }
  return Object.keys(errors).length === 0 ? { values: asValues<R>(values) } : { errors };
}

/** What is wrong with a new password that only its owner could not have. */
export function passwordProblem(error: unknown): string | undefined {
  const predicate = error instanceof AppError ? error.extras.fields?.["password"] : undefined;
  return predicate === undefined ? undefined : withSubject(NEW_PASSWORD.subject, predicate);
}

function about(subject: string | undefined, error: z.ZodError): string {
  return withSubject(subject, error.issues[0]?.message ?? "Is not right.");
}

/** "Must have at least 12 characters." with the subject that it leaves out. */
function withSubject(subject: string | undefined, predicate: string): string {
  return `${subject ?? "This"} ${predicate.charAt(0).toLowerCase()}${predicate.slice(1)}`;
}

function asValues<R extends Rules>(values: Record<string, string>): Values<R> {
  return values as Values<R>; // one value a rule: every field without one is among the errors
}
