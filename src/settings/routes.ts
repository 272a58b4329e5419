import { answer } from "../platform/http/answer.ts";
import { jsonBody, ok } from "../platform/http/envelope.ts";
import { withTag } from "../platform/http/if-match.ts";
import { newRouter, route } from "../platform/http/router.ts";
import { getSettings } from "./get-settings.ts";
import { replaceSettings } from "./replace-settings.ts";
import { newShopSettingsSchema, shopSettingsSchema } from "./settings.ts";

const tags = ["Settings"];

export const settingsRoutes = newRouter()
  .openapi(
    route({
      method: "get",
      path: "/settings/shop",
      tags,
      summary: "What the shop says of itself, and of what its operators are told",
      responses: ok("The settings; the defaults until somebody changes them", shopSettingsSchema),
    }),
    async (c) => {
      const { settings, tag } = await getSettings(c.var.ctx);
      c.header("ETag", tag);
      return answer(c, { data: settings }, 200);
    },
  )
  .openapi(
    route({
      method: "put",
      path: "/settings/shop",
      tags,
      summary: "Say all of it anew",
      description:
        "What is sent takes the place of what was there, so send all that a `GET` answers. Receipts that are printed or mailed from now on show the seller as it is then; a mail that was sent stays as it is.",
      request: { headers: withTag, body: jsonBody(newShopSettingsSchema) },
      responses: ok("The settings", shopSettingsSchema),
      errors: ["PRECONDITION_FAILED"],
    }),
    async (c) => {
      const { settings, tag } = await replaceSettings(c.var.ctx, {
        said: c.req.valid("json"),
        ifMatch: c.req.valid("header")["if-match"],
      });
      c.header("ETag", tag);
      return answer(c, { data: settings }, 200);
    },
  );
