import { fallback, group, optional, text } from "../protocol/checks.ts";
import { noSuch } from "../protocol/problem.ts";
import { email, metadata } from "../protocol/values.ts";
import type { Customer } from "../world/objects.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";

const orNull = fallback<string | null>(text(), null);
export const address = group({
  line1: orNull,
  line2: orNull,
  city: orNull,
  postal_code: orNull,
  state: orNull,
  country: orNull,
});

const CUSTOMER = { object: "customer" } as const;

const create = endpoint(
  {
    email: optional(email()),
    name: optional(text({ max: 256 })),
    description: optional(text()),
    address: optional(address),
    shipping: optional(group({ name: text(), phone: orNull, address })),
    metadata: metadata(),
  },
  {
    method: "POST",
    path: "/v1/customers",
    answers: CUSTOMER,
    notEmulated: ["invoice_settings", "payment_method", "phone", "source", "tax", "tax_exempt"],
    run({ world, account }, params) {
      const customer: Customer = {
        id: world.newId("cus_"),
        object: "customer",
        address: params.address ?? null,
        balance: 0,
        created: world.seconds(),
        default_source: null,
        description: params.description ?? null,
        email: params.email ?? null,
        livemode: false,
        metadata: params.metadata,
        name: params.name ?? null,
        shipping: params.shipping ?? null,
      };
      account.customers.set(customer.id, customer);
      return customer;
    },
  },
);

const retrieve = endpoint(
  {},
  {
    method: "GET",
    path: "/v1/customers/:id",
    answers: CUSTOMER,
    run({ account }, _params, id) {
      const customer = account.customers.get(id);
      if (customer === undefined) throw noSuch("customer", id, "id");
      return customer;
    },
  },
);

export const customerEndpoints: Endpoint[] = [create, retrieve];
