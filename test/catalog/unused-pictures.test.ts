import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { newProduct } from "../support/catalog.ts";
import { databaseFailingOnce } from "../support/faults.ts";
import { cronOver, servicesWith } from "../support/jobs.ts";
import { asAdmin, forgetPeople } from "../support/people.ts";
import { pictureForm, png } from "../support/picture-form.ts";
import { addPicture } from "../support/pictures.ts";
import { purgedDaily } from "../support/retention.ts";
import { shopOver } from "../support/rig.ts";
import { cron, rows, travel, useWorld } from "../support/world.ts";

useWorld();

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const PURGE = "*/5 * * * *";

const made = async () => (await newProduct({})).body.data.id as string;
const keyOf = ({ url }: { url: string }) => url.split("/").at(-1) ?? "";
const isThere = async (key: string) => (await env.IMAGES.head(key)) !== null;
const known = async () =>
  (await rows<{ key: string }>("SELECT key FROM image_objects")).map(({ key }) => key);
/** A bucket of which only this is called. */
const bucket = (calls: object) => calls as R2Bucket;

/** So many days go by, on each of which the purge's clock went on. */
async function days(count: number): Promise<void> {
  await travel(count * DAY_MS);
  await purgedDaily();
  forgetPeople(); // whose sign-in is over
}

/** A picture that a product had until now. */
async function unused(bytes = png()) {
  const product = await made();
  const { id, url } = (await addPicture(product, pictureForm(bytes))).body.data;
  expect((await asAdmin("DELETE", `/api/v1/images/${id}`)).status).toBe(204);
  return { product, url, key: keyOf({ url }) };
}

describe("Bytes that no product has", () => {
  it("stay for thirty days after their last use, and then go", async () => {
    const product = await made();
    const gone = (await addPicture(product)).body.data;
    const kept = (await addPicture(product)).body.data;
    const there = async () => [await isThere(keyOf(gone)), await isThere(keyOf(kept))];
    await days(31);
    await cron(PURGE);
    expect(await there()).toEqual([true, true]);
    await asAdmin("DELETE", `/api/v1/images/${gone.id}`);
    await days(29);
    await cron(PURGE);
    expect(await there()).toEqual([true, true]);
    await days(2);
    await cron(PURGE);
    expect(await there()).toEqual([false, true]);
    expect(await known()).toEqual([keyOf(kept)]);
  });

  it("are known where the shop died between them and the picture, and go", async () => {
    const path = `/api/v1/products/${await made()}/images`;
    const about = /insert into "product_images"/i;
    const { database, failed } = databaseFailingOnce({ when: "before", about });
    const dead = await shopOver(database).asAdmin("POST", path, { body: pictureForm() });
    expect([dead.status >= 500, failed()]).toEqual([true, true]);
    const [key = ""] = await known();
    const pictures = await rows("SELECT * FROM product_images");
    expect([await isThere(key), pictures]).toEqual([true, []]);
    await days(31);
    await cron(PURGE);
    expect([await isThere(key), await known()]).toEqual([false, []]);
  });

  it("are no picture where the bucket does not take them, and a retry makes one", async () => {
    const path = `/api/v1/products/${await made()}/images`;
    const IMAGES = bucket({ put: () => Promise.reject(new Error("R2 is down")) });
    const shop = shopOver(env.DB, { bindings: { ...env, IMAGES } });
    const options = { body: pictureForm(), headers: { "Idempotency-Key": crypto.randomUUID() } };
    const refused = await shop.asAdmin("POST", path, options);
    expect([refused.status, refused.body.error.code]).toEqual([503, "UNAVAILABLE"]);
    expect(refused.headers.get("Retry-After")).toBe("10");
    expect(await rows("SELECT * FROM product_images")).toEqual([]);
    expect((await asAdmin("POST", path, options)).status).toBe(201);
  });

  it("are not used again while they are taken away, and are by whoever comes later", async () => {
    const bytes = png();
    const { product, url } = await unused(bytes);
    await days(31);
    let meanwhile: number | undefined;
    const IMAGES = bucket({
      delete: async (keys: string[]) => {
        meanwhile = (await addPicture(product, pictureForm(bytes))).status;
        await env.IMAGES.delete(keys);
      },
    });
    await cronOver(servicesWith({ IMAGES }), PURGE);
    expect(meanwhile).toBe(503);
    const again = (await addPicture(product, pictureForm(bytes))).body.data;
    expect([again.url, await isThere(keyOf(again))]).toEqual([url, true]);
  });

  it("of a run that died are taken away by one that comes an hour later, and by none before", async () => {
    const { key } = await unused();
    await days(31);
    const IMAGES = bucket({ delete: () => Promise.reject(new Error("died")) });
    await cronOver(servicesWith({ IMAGES }), PURGE);
    await travel(59 * MINUTE_MS);
    await cron(PURGE);
    expect(await isThere(key)).toBe(true);
    await travel(2 * MINUTE_MS);
    await cron(PURGE);
    expect([await isThere(key), await known()]).toEqual([false, []]);
  });
});
