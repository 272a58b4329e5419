import type { Config } from "../platform/config.ts";
import { countryName } from "../platform/countries.ts";
import type { Seller, ShopSettings } from "./settings.ts";

/** What the shop is called. */
export function shopName(
  { shopName: configured }: Pick<Config, "shopName">,
  { name }: Pick<ShopSettings, "name">,
): string {
  return name ?? configured;
}

/** Who sells, a line each: name and address as on an envelope, then the numbers and how to reach them. */
export function sellerLines(seller: Seller): string[] {
  const { name, address, country, taxNumber, registrationNumber, email, phone } = seller;
  return [
    ...[name, ...address, countryName(country)],
    ...(taxNumber === null ? [] : [`Tax number ${taxNumber}`]),
    ...(registrationNumber === null ? [] : [registrationNumber]),
    email,
    ...(phone === null ? [] : [phone]),
  ];
}
