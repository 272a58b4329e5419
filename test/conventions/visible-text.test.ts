import { describe, expect, it } from "vitest";
import { openApi } from "../support/contract.ts";
import { call } from "../support/http.ts";
import { nowhere, product, TAKEN } from "../support/lines-of-text.ts";
import { asAdmin } from "../support/people.ts";
import { checkoutBody, makeSku } from "../support/shop.ts";
import { useWorld } from "../support/world.ts";

useWorld();

const ONE_LINE = "Must be one line of text, without control characters.";
const NOTHING_TO_SEE = "Must have something in it that can be seen.";

/** What is no line that a person reads, and why. */
const NO_LINE: Readonly<Record<string, readonly [text: string, sentence: string]>> = {
  "two lines": ["One\nTwo", ONE_LINE],
  "two lines of another system": ["One\r\nTwo", ONE_LINE],
  "a line separator": ["One\u2028Two", ONE_LINE],
  "a paragraph separator": ["One\u2029Two", ONE_LINE],
  "a tab": ["One\tTwo", ONE_LINE],
  "a bell": ["One\u0007", ONE_LINE],
  "a next line of the old kind": ["One\u0085Two", ONE_LINE],
  "a NUL": ["One\0", ONE_LINE],
  "half of a character": ["One \ud800", ONE_LINE],
  "the other half": ["\udc00 One", ONE_LINE],
  "no character at all": ["One\ufffe", ONE_LINE],
  "text that runs the other way": ["One \u202egnp.exe", ONE_LINE],
  "text that is set apart": ["One \u2066two", ONE_LINE],
  "a zero-width space": ["\u200b", NOTHING_TO_SEE],
  "joiners and marks": ["\u200d\u2060\u00ad\ufe0f", NOTHING_TO_SEE],
  "a Hangul filler": ["\u3164", NOTHING_TO_SEE],
  "a blank of Braille": ["\u2800\u2800", NOTHING_TO_SEE],
  "an accent on nothing": ["\u0301", NOTHING_TO_SEE],
};

/** What people are called, and what they write. */
const LINES = [
  "Zoë O’Neill-Łuk",
  "名前",
  "محمد بن سلمان",
  "علی‌رضا",
  "👩‍👩‍👧 & Söhne",
  "Vol. 2 (12″)",
  "ｱｲｳ",
  "7",
];

/** Of several lines, or not for people: everything else in the document is a line, or has a format, a choice or a pattern that words do not have. */
const NO_LINES: readonly string[] = [
  "POST /products description",
  "PATCH /products/{id} description",
  "POST /orders/{id}/attention/resolve note",
  "PUT /settings/shop receipt.footer",
  "POST /orders/{id}/notes body",
  "POST /fulfillments orders[0].id",
  ...["register", "login", "password/reset"].map((route) => `POST /auth/${route} password`),
  ...["PATCH /me password", "PATCH /me currentPassword", "DELETE /me currentPassword"],
  ...["POST /auth/refresh refreshToken", "POST /auth/logout refreshToken"],
  ...["POST /auth/password/reset token", "POST /auth/email/verify token"],
  "POST /checkouts reservationId",
  "PATCH /reservations/{id} turnstileToken",
  "POST /checkouts turnstileToken",
  "POST /reservations turnstileToken",
];

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly enum?: unknown;
  readonly pattern?: string;
  readonly format?: unknown;
}

const isOfWords = (pattern: string | undefined) =>
  pattern === undefined || new RegExp(pattern, "u").test("Łódź, 名前");

/** The paths of every string in a schema that may be any text. */
function freeText(
  schema: Schema,
  at: string,
  components: Readonly<Record<string, Schema>>,
): string[] {
  if (schema.$ref !== undefined) {
    const named = components[schema.$ref.split("/").at(-1) ?? ""];
    return named === undefined ? [] : freeText(named, at, components);
  }
  const parts = Object.entries(schema.properties ?? {}).flatMap(([name, inner]) =>
    freeText(inner, at === "" ? name : `${at}.${name}`, components),
  );
  const each = schema.items === undefined ? [] : freeText(schema.items, `${at}[0]`, components);
  const any = (schema.anyOf ?? []).flatMap((one) => freeText(one, at, components));
  const free =
    [schema.type].flat().includes("string") &&
    schema.enum === undefined &&
    isOfWords(schema.pattern) &&
    schema.format === undefined;
  return [...parts, ...each, ...any, ...(free ? [at] : [])];
}

describe("A line of text that the API takes", () => {
  it("is one of these, wherever the document has a text: no field is forgotten", async () => {
    const { paths, components } = (await openApi()) as unknown as {
      paths: Record<
        string,
        Record<string, { requestBody?: { content: Record<string, { schema: Schema }> } }>
      >;
      components: { schemas: Record<string, Schema> };
    };
    const found = Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).flatMap(([method, { requestBody }]) =>
        freeText(
          requestBody?.content["application/json"]?.schema ?? {},
          "",
          components.schemas,
        ).map((at) => `${method.toUpperCase()} ${path.replace("/api/v1", "")} ${at}`),
      ),
    );
    const texts = found.filter((at) => !at.endsWith(".currency"));
    expect([...new Set(texts)].sort()).toEqual([...Object.keys(TAKEN), ...NO_LINES].sort());
  });

  it.each(Object.entries(TAKEN))("%s is one line that can be seen", async (where, send) => {
    const field = where.split(" ").at(-1) ?? "";
    for (const [what, [text, sentence]] of Object.entries(NO_LINE)) {
      const { status, body } = await send(text);
      expect([status, (body as { error?: { fields?: unknown } }).error?.fields], what).toEqual([
        422,
        { [field]: sentence },
      ]);
    }
    for (const text of LINES) expect((await send(text)).status, text).not.toBe(422);
  });

  it.each(Object.entries(TAKEN))("%s has an end", async (where, send) => {
    const { status, body } = await send("x".repeat(2001));
    expect([status, (body as { error?: { fields?: unknown } }).error?.fields]).toMatchObject([
      422,
      { [where.split(" ").at(-1) ?? ""]: expect.stringMatching(/^Must have at most \d+ char/) },
    ]);
  });

  it("has no blanks around it, and is not of blanks alone", async () => {
    expect((await product({ title: "  Blue mug \u00a0" })).body.data.title).toBe("Blue mug");
    const { status, body } = await product({ title: "  " });
    expect([status, body.error.fields]).toEqual([422, { title: "Must not be empty." }]);
  });
});

describe("Several lines of text", () => {
  it("are kept as they were written, and have nothing in them that no text has", async () => {
    const description = "Glazed twice.\r\n\tFired at 1240 °C.\n\n– Ada";
    const made = await product({ description });
    expect(made.body.data.description).toBe(description);
    for (const wrong of ["a\0b", "a\u0007", "\ud800", "a\u202eb", "a\u2067b", "a\uffff"]) {
      const { status, body } = await product({ description: wrong });
      expect([status, body.error.fields]).toEqual([
        422,
        { description: "Has a character that no text has." },
      ]);
    }
  });

  it("have an end", async () => {
    const { status, body } = await product({ description: "x".repeat(10_001) });
    expect([status, body.error.fields]).toEqual([
      422,
      { description: "Must have at most 10000 characters." },
    ]);
  });

  it("say something, where they are a note", async () => {
    const notes = [
      ["note", nowhere("/orders/none/attention/resolve", (note) => ({ note }))],
      ["body", nowhere("/orders/none/notes", (body) => ({ body }))],
    ] as const;
    for (const [field, send] of notes) {
      for (const [note, sentence] of [
        [" \n", "Must not be empty."],
        ["\u200b\n\u0301", NOTHING_TO_SEE],
        ["a\u0007", "Has a character that no text has."],
      ] as const) {
        const { status, body } = await send(note);
        expect([status, (body as { error: { fields: unknown } }).error.fields]).toEqual([
          422,
          { [field]: sentence },
        ]);
      }
      expect((await send("Called her.\r\n\tPaid twice – 👩‍👩‍👧")).status).toBe(404);
    }
  });
});

describe("A discount code that was copied", () => {
  it("is the code, whatever nobody sees came along with it", async () => {
    const body = { code: "\ufeffWEL\u200bCOME\u2060", kind: "percentage", percentOff: 10 };
    const made = await asAdmin("POST", "/api/v1/discounts", { body });
    expect(made.body.data.code).toBe("WELCOME");
    const used = await call("POST", "/api/v1/checkouts", {
      headers: { "Idempotency-Key": crypto.randomUUID() },
      body: checkoutBody({
        items: [{ sku: await makeSku(1), quantity: 1 }],
        discountCode: " wel\u200bcome\u00ad ",
      }),
    });
    expect(used.status).toBe(201);
  });
});
