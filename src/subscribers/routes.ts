import * as z from "zod";
import { answer } from "../platform/http/answer.ts";
import { answerCreated, answerOnce, keyed } from "../platform/http/created.ts";
import { accepted, byId, created, jsonBody, ok, page } from "../platform/http/envelope.ts";
import { withTag } from "../platform/http/if-match.ts";
import { listBody, pageQuery } from "../platform/http/pagination.ts";
import { newRouter, route } from "../platform/http/router.ts";
import { deliverySchema, deliveryStatusSchema } from "./deliveries/delivery.ts";
import { listDeliveries } from "./deliveries/list-deliveries.ts";
import { redeliver } from "./deliveries/redeliver.ts";
import { testEndpoint } from "./deliveries/test-endpoint.ts";
import { removeEndpoint, updateEndpoint } from "./endpoints/change-endpoint.ts";
import { createEndpoint } from "./endpoints/create-endpoint.ts";
import {
  endpointChangesSchema,
  endpointSchema,
  endpointWithSecretSchema,
  newEndpointSchema,
} from "./endpoints/endpoint.ts";
import { getEndpoint, listEndpoints } from "./endpoints/get-endpoint.ts";
import { rotateSecret } from "./endpoints/rotate-secret.ts";

const OK = 200;
const ACCEPTED = 202;
const tags = ["Webhooks out"];

const rotatedSchema = z
  .strictObject({
    secret: z.string(),
    previousUntil: z.iso.datetime().meta({
      description: "Until then each delivery has a signature by the secret before as well.",
    }),
  })
  .meta({ id: "RotatedWebhookSecret" });

const endpointRoutes = newRouter()
  .openapi(
    route({
      method: "post",
      path: "/webhook-endpoints",
      tags,
      summary: "Have events sent to an address; the secret that verifies them is shown this once",
      request: { headers: keyed, body: jsonBody(newEndpointSchema) },
      responses: created("The endpoint with its secret", endpointWithSecretSchema),
      errors: ["BUSINESS_RULE_VIOLATION"],
    }),
    async (c) => {
      const input = c.req.valid("json");
      const body = await answerCreated(c, input, () => createEndpoint(c.var.ctx, input));
      c.header("Location", `/api/v1/webhook-endpoints/${body.data.id}`);
      return answer(c, body, 201);
    },
  )
  .openapi(
    route({
      method: "get",
      path: "/webhook-endpoints",
      tags,
      summary: "Endpoints, newest first",
      request: { query: pageQuery },
      responses: page("A page of endpoints", endpointSchema),
    }),
    async (c) => answer(c, listBody(await listEndpoints(c.var.ctx, c.req.valid("query"))), 200),
  )
  .openapi(
    route({
      method: "get",
      path: "/webhook-endpoints/{id}",
      tags,
      summary: "One endpoint",
      request: { params: byId },
      responses: ok("The endpoint", endpointSchema),
      errors: ["NOT_FOUND"],
    }),
    async (c) => {
      const { endpoint, tag } = await getEndpoint(c.var.ctx, c.req.valid("param"));
      c.header("ETag", tag);
      return answer(c, { data: endpoint }, 200);
    },
  )
  .openapi(
    route({
      method: "patch",
      path: "/webhook-endpoints/{id}",
      tags,
      summary: "Change where and of what is told, pause it, or have it go on",
      request: { params: byId, headers: withTag, body: jsonBody(endpointChangesSchema) },
      responses: ok("The endpoint", endpointSchema),
      errors: ["NOT_FOUND", "PRECONDITION_FAILED", "BUSINESS_RULE_VIOLATION"],
    }),
    async (c) => {
      const { endpoint, tag } = await updateEndpoint(c.var.ctx, {
        ...c.req.valid("param"),
        changes: c.req.valid("json"),
        ifMatch: c.req.valid("header")["if-match"],
      });
      c.header("ETag", tag);
      return answer(c, { data: endpoint }, 200);
    },
  )
  .openapi(
    route({
      method: "delete",
      path: "/webhook-endpoints/{id}",
      tags,
      summary: "Remove an endpoint; what waits for it is not sent any more",
      request: { params: byId, headers: withTag },
      responses: { 204: { description: "The endpoint is gone" } },
      errors: ["NOT_FOUND", "PRECONDITION_FAILED"],
    }),
    async (c) => {
      const ifMatch = c.req.valid("header")["if-match"];
      await removeEndpoint(c.var.ctx, { ...c.req.valid("param"), ifMatch });
      return c.body(null, 204);
    },
  );

const actionRoutes = newRouter()
  .openapi(
    route({
      method: "post",
      path: "/webhook-endpoints/{id}/rotate-secret",
      tags,
      summary: "Make another secret, shown this once; for 24 hours both sign",
      request: { params: byId, headers: keyed },
      responses: ok("The new secret", rotatedSchema),
      errors: ["NOT_FOUND", "BUSINESS_RULE_VIOLATION"],
    }),
    async (c) => {
      const input = c.req.valid("param");
      const make = () => rotateSecret(c.var.ctx, input);
      return answer(c, await answerOnce(c, { input, status: OK }, make), OK);
    },
  )
  .openapi(
    route({
      method: "post",
      path: "/webhook-endpoints/{id}/test",
      tags,
      summary: "Send an event of the type `webhook.test`, to see whether it arrives",
      request: { params: byId, headers: keyed },
      responses: accepted("It is on its way", deliverySchema),
      errors: ["NOT_FOUND"],
    }),
    async (c) => {
      const input = c.req.valid("param");
      const make = () => testEndpoint(c.var.ctx, input);
      return answer(c, await answerOnce(c, { input, status: ACCEPTED }, make), ACCEPTED);
    },
  )
  .openapi(
    route({
      method: "get",
      path: "/webhook-endpoints/{id}/deliveries",
      tags,
      summary:
        "What was sent to an endpoint in the last 30 days, each time with what it answered, newest first",
      request: {
        params: byId,
        query: pageQuery.extend({ status: deliveryStatusSchema.optional() }),
      },
      responses: page("A page of deliveries", deliverySchema),
      errors: ["NOT_FOUND"],
    }),
    async (c) => {
      const { id: endpointId } = c.req.valid("param");
      const input = { ...c.req.valid("query"), endpointId };
      return answer(c, listBody(await listDeliveries(c.var.ctx, input)), 200);
    },
  )
  .openapi(
    route({
      method: "post",
      path: "/webhook-deliveries/{id}/redeliver",
      tags,
      summary: "Send an event again, with the same id; safe at any time for who minds it",
      request: { params: byId, headers: keyed },
      responses: accepted("It is on its way", deliverySchema),
      errors: ["NOT_FOUND"],
    }),
    async (c) => {
      const input = c.req.valid("param");
      const make = () => redeliver(c.var.ctx, input);
      return answer(c, await answerOnce(c, { input, status: ACCEPTED }, make), ACCEPTED);
    },
  );

export const subscriberRoutes = newRouter().route("/", endpointRoutes).route("/", actionRoutes);
