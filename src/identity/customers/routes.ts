import { answer } from "../../platform/http/answer.ts";
import { byId, ok, page } from "../../platform/http/envelope.ts";
import { listBody, pageQuery } from "../../platform/http/pagination.ts";
import { newRouter, route } from "../../platform/http/router.ts";
import { lineSchema } from "../../platform/text.ts";
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
      summary: "Whoever has registered or bought, newest first; or found by address or name",
      request: {
        query: pageQuery.extend({
          q: lineSchema(MAX_QUERY_CHARS).optional().meta({
            description:
              "The beginning of an e-mail address or of a name, whatever its case and accents. Those found by address come first, in its order, then those found by name.",
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
