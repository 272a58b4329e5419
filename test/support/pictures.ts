import { asAdmin } from "./people.ts";
import { pictureForm } from "./picture-form.ts";

export function addPicture(productId: string, body: unknown = pictureForm(), headers = {}) {
  return asAdmin("POST", `/api/v1/products/${productId}/images`, { body, headers });
}
