import type { NewShopSettings } from "../../src/settings/settings.ts";
import { asAdmin } from "./people.ts";

/** All that a shop can say of itself, but for `change`. */
export function shopSettings(change: Partial<NewShopSettings> = {}): NewShopSettings {
  return {
    name: "Moon Pottery",
    tagline: "Fired on full moons.",
    seller: {
      name: "Moon Pottery GmbH",
      address: ["Werkstraße 5", "50667 Köln"],
      country: "DE",
      taxNumber: "DE123456789",
      email: "hello@moon.example",
    },
    receipt: { footer: "Thank you.\nCome again." },
    operatorMails: { paidOrders: true, lowStock: true, attention: true },
    ...change,
  };
}

/** Says it as an admin; `change` may be what nobody may say. */
export function saySettings(change: object = {}, headers = {}) {
  const body = { ...shopSettings(), ...change };
  return asAdmin("PUT", "/api/v1/settings/shop", { body, headers });
}
