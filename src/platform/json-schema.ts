/**
 * For `.meta`: what the document asks of an object whose fields are like these, and of any other.
 * https://json-schema.org/understanding-json-schema/reference/conditionals#ifthenelse
 */
export function where(properties: object, asked: object, otherwise?: object) {
  return {
    if: { properties },
    // biome-ignore lint/suspicious/noThenProperty: it is JSON Schema's word.
    then: asked,
    ...(otherwise === undefined ? {} : { else: otherwise }),
  };
}
