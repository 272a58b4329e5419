import * as z from "zod";
import { answer } from "../../platform/http/answer.ts";
import { json } from "../../platform/http/envelope.ts";
import { newRouter, route } from "../../platform/http/router.ts";
import type { IdentityContext } from "../context.ts";
import { publicKeySchema } from "./signing-keys.ts";

/** Verifiers may keep the set for an hour; a key is published a day before it signs. */
const CACHED = "public, max-age=3600";

export const keySetRoutes = newRouter<IdentityContext>().openapi(
  route({
    method: "get",
    path: "/.well-known/jwks.json",
    tags: ["System"],
    summary: "The public keys that access tokens verify with (RFC 7517)",
    responses: {
      200: {
        description: "The key set",
        content: json(z.strictObject({ keys: z.array(publicKeySchema) })),
      },
    },
  }),
  async (c) => {
    const keys = await c.var.ctx.keys.publicKeys(c.var.ctx);
    c.header("Cache-Control", CACHED);
    return answer(c, { keys }, 200);
  },
);
