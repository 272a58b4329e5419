import { expect, it } from "vitest";
import { bundleShop } from "../bench/build/bundle.ts";
import { asStaff } from "../bench/routes/goods.ts";
import { lookAt } from "../bench/shop/look.ts";
import { makeSample } from "../bench/shop/sample-shop.ts";
import type { Json } from "../support/json.ts";

const ROOT = process.cwd();
const say = () => undefined;

it("fills a shop in which every invariant holds, with orders in every state", async () => {
  const wanted = { root: ROOT, stripeUrl: "http://127.0.0.1:1", rows: 600, seed: 1, say };
  const [bundle, sample] = await Promise.all([bundleShop(ROOT), makeSample(wanted)]);
  const look = await lookAt({ root: ROOT, bundle, sample });
  try {
    const read = async (path: string): Promise<Json> =>
      JSON.parse((await look.read(asStaff(sample.apiKey, "GET", `/api/v1${path}`))).body);
    const { data } = await read("/admin/invariants");
    expect(data.length).toBeGreaterThan(10);
    expect(data.flatMap(({ breaches }: Json) => breaches)).toEqual([]);
    for (const state of [
      ...["status=pending_payment", "status=paid", "status=canceled", "status=expired"],
      ...["paymentStatus=refunded", "paymentStatus=disputed", "fulfillmentStatus=fulfilled"],
    ]) {
      const { meta } = await read(`/orders?${state}&include=total&pageSize=1`);
      expect([state, meta.total]).toEqual([state, expect.any(Number)]);
      expect(meta.total).toBeGreaterThan(0);
    }
  } finally {
    await look.stop();
  }
});
