import * as z from "zod";
import { answer } from "../platform/http/answer.ts";
import { ok } from "../platform/http/envelope.ts";
import { newRouter, route } from "../platform/http/router.ts";
import { readInvariants } from "./audit-invariants.ts";

const invariantSchema = z
  .strictObject({
    name: z.string().meta({ example: "I1" }),
    rule: z.string(),
    holds: z.boolean(),
    breaches: z
      .array(z.string())
      .meta({ description: "A sentence for each row that breaks the rule, bounded." }),
  })
  .meta({ id: "Invariant" });

export const auditRoutes = newRouter().openapi(
  route({
    method: "get",
    path: "/admin/invariants",
    tags: ["Operations"],
    summary: "The shop's promises, checked where they may be broken now",
    description:
      "Looks at what is under way, at what has changed last, and where the hourly audit has found something, in one transaction. The audit alone looks at everything.",
    responses: ok("Each invariant, and what breaks it", z.array(invariantSchema)),
  }),
  async (c) => answer(c, { data: await readInvariants(c.var.ctx) }, 200),
);
