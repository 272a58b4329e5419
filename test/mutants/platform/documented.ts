import type { Mutant } from "../mutant.ts";

const DOCUMENTED_INPUT = "test/conventions/documented-input.test.ts";

/** The document is no looser than the code. */
export const DOCUMENTED: readonly Mutant[] = [
  {
    name: "a key of any characters",
    change: ["z.string().min(1).max(255).regex(KEY).meta({", "z.string().min(1).max(255).meta({"],
    dies: DOCUMENTED_INPUT,
    by: "an empty cursor, and keys that are not of visible ASCII",
  },
  {
    name: "a page's size that is no whole number",
    change: [".regex(/^(?:[1-9]\\d?|100)$/,", ".regex(/./,"],
    dies: DOCUMENTED_INPUT,
    by: "a page's size that is not written as a whole number",
  },
  {
    name: "an empty cursor",
    change: ["cursor: z.string().min(1).optional()", "cursor: z.string().optional()"],
    dies: DOCUMENTED_INPUT,
    by: "an empty cursor",
  },
  {
    name: "a customer is led to an address that hides whose it is",
    change: [
      '  .regex(\n    WEB_ADDRESS,\n    "Must be an http(s) address without blanks, and without a user and a password.",\n  )\n',
      "  .refine(() => WEB_ADDRESS !== undefined)\n",
    ],
    dies: DOCUMENTED_INPUT,
    by: "https://ada:secret@a.test/x",
  },
  {
    name: "the document takes a checkout of nothing",
    change: [
      `  .meta({ oneOf: [{ required: ["reservationId"] }, { required: ["items"] }] });`,
      ";",
    ],
    dies: DOCUMENTED_INPUT,
    by: `"reservationId":"rsv_1"`,
  },
  {
    name: "the document takes a discount of nothing",
    change: [`{ kind: { const: "percentage" } },`, `{ kind: { const: "never" } },`],
    dies: DOCUMENTED_INPUT,
    by: `and takes what the code takes: POST /discounts {"code":"X","kind":"percentage"`,
  },
  {
    name: "the document takes an adjustment by nothing",
    change: [`{ kind: { const: "adjust" } },`, `{ kind: { const: "never" } },`],
    dies: DOCUMENTED_INPUT,
    by: `and takes what the code takes: POST /inventory/{sku}/movements {"kind":"adjust"`,
  },
  {
    name: "the document takes a new password without the old one",
    change: [`  .meta({ dependentRequired: { password: ["currentPassword"] } });`, ";"],
    dies: DOCUMENTED_INPUT,
    by: "refuses too > PATCH /me",
  },
  {
    name: "the document takes moments of any zone",
    change: [
      '  pattern: "^\\\\d{4}-\\\\d{2}-\\\\d{2}T\\\\d{2}:\\\\d{2}:[0-5]\\\\d(\\\\.\\\\d+)?Z$",\n',
      "  pattern: undefined,\n",
    ],
    dies: DOCUMENTED_INPUT,
    by: `"startsAt":"2026-01-01T00:00:00+02:00"`,
  },
  {
    name: "the document takes addresses that are none",
    change: [
      '.meta({ format: "email", pattern: `${PARTS.source}${z.regexes.email.source.slice(1)}` })',
      '.meta({ format: "email", pattern: undefined })',
    ],
    dies: DOCUMENTED_INPUT,
    by: `"email":"ada@localhost"`,
  },
  {
    name: "the document takes passwords of any length",
    change: [
      "    minLength: MIN_PASSWORD_CHARS,\n    maxLength: MAX_PASSWORD_CHARS,\n",
      "    minLength: undefined,\n    maxLength: undefined,\n",
    ],
    dies: DOCUMENTED_INPUT,
    by: `"password":"zebra-klavi"`,
  },
];
