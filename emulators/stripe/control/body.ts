/** A request of the control API that it cannot do anything with; the message says why. */
export class ControlError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export type Body = Record<string, unknown>;

/** The JSON object of a request; an empty body counts as an empty object. */
export async function readBody(request: Request): Promise<Body> {
  const text = await request.text();
  if (text === "") return {};
  const parsed: unknown = parseJson(text);
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw new ControlError(400, "The body must be a JSON object.");
  }
  return Object.fromEntries(Object.entries(parsed));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ControlError(400, "The body is not JSON.");
  }
}

export function refuseUnknown(body: Body, known: string[]): void {
  const unknown = Object.keys(body).filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new ControlError(400, `Unknown: ${unknown.join(", ")}. Known: ${known.join(", ")}.`);
  }
}

export function optionalNumber(body: Body, name: string): number | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw new ControlError(400, `${name} must be a whole number, at least 0.`);
}

export function optionalText(body: Body, name: string): string | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return value;
  throw new ControlError(400, `${name} must be a string.`);
}

export function optionalBoolean(body: Body, name: string): boolean | undefined {
  const value = body[name];
  if (value === undefined || typeof value === "boolean") return value;
  throw new ControlError(400, `${name} must be true or false.`);
}

export function optionalObject(body: Body, name: string): Body | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "object" && !Array.isArray(value)) {
    return Object.fromEntries(Object.entries(value));
  }
  throw new ControlError(400, `${name} must be an object.`);
}

export function choice<const T extends string>(body: Body, name: string, choices: readonly T[]): T {
  const found = choices.find((candidate) => candidate === body[name]);
  if (found !== undefined) return found;
  throw new ControlError(400, `${name} must be one of: ${choices.join(", ")}.`);
}
