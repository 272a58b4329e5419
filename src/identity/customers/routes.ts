import * as z from "zod";
import { answer } from "../../platform/http/answer.ts";
import { byId, ok, page } from "../../platform/http/envelope.ts";
import { listBody, pageQuery } from "../../platform/http/pagination.ts";
import { newRouter, route } from "../../platform/http/router.ts";
import type { IdentityContext } from "../context.ts";
import { customerSchema } from "./customer.ts";
import { getCustomer, listCustomers } from "./list-customers.ts";

const tags = ["Customers"];
const MAX_QUERY_CHARS = 200;

export const customerRoutes = newRouter<IdentityContext>()
  .openapi(
    route({
      method: "get",
      path: "/customers",
      tags,
      summary:
        "Whoever has registered or bought, newest first; all of them, or those found by words",
      request: {
        query: pageQuery.extend({
          q: z.string().max(MAX_QUERY_CHARS).optional().meta({
            description:
              "Words of a name or of an e-mail address, in any case and order, with or without accents; the last one may be a beginning, and a whole address is found as such. Whoever is new, or is called something else, is found within seconds. Empty, it is the whole list.",
          }),
        }),
      },
      responses: page("A page of customers", customerSchema),
    }),
    async (c) => answer(c, listBody(await listCustomers(c.var.ctx, c.req.valid("query"))), 200),
  )
  .openapi(
    route({
      method: "get",
      path: "/customers/{id}",
      tags,
      summary: "One customer",
      request: { params: byId },
      responses: ok("The customer", customerSchema),
      errors: ["NOT_FOUND"],
    }),
    async (c) => answer(c, { data: await getCustomer(c.var.ctx, c.req.valid("param")) }, 200),
  );
