import { invalid } from "./problem.ts";

export type FormValue = string | FormTree;
export interface FormTree {
  [key: string]: FormValue;
}

const MAX_DEPTH = 12;

/**
 * Reads `a[b][0][c]=d` pairs into nested objects; arrays stay objects with numeric keys.
 * @throws Problem when one name is both a value and a group.
 */
export function parseForm(encoded: string): FormTree {
  const root = emptyTree();
  for (const [name, value] of new URLSearchParams(encoded)) put(root, segments(name), name, value);
  return root;
}

/** One text for equal parameters, whatever order they came in. */
export function canonicalForm(encoded: string): string {
  const pairs = [...new URLSearchParams(encoded)].map(([name, value]) =>
    JSON.stringify([name, value]),
  );
  return pairs.sort().join("&");
}

/** A segment of a path, decoded where it can be. */
export function pathSegment(raw: string): string {
  try {
    return decodeURIComponent(raw);
  } catch {
    return raw;
  }
}

function emptyTree(): FormTree {
  // Without a prototype, a parameter called __proto__ is a name like any other.
  return Object.create(null);
}

function segments(name: string): string[] {
  const start = name.indexOf("[");
  if (start <= 0) return [name];
  const inner = [...name.slice(start).matchAll(/\[([^\]]*)\]/g)].map((match) => match[1] ?? "");
  if (inner.length > MAX_DEPTH) throw invalid(`Invalid parameter name: ${name.slice(0, 80)}`);
  return [name.slice(0, start), ...inner];
}

function put(tree: FormTree, path: string[], name: string, value: string): void {
  const [head = "", ...rest] = path;
  const key = head === "" ? String(Object.keys(tree).length) : head;
  const present = tree[key];
  if (rest.length === 0) {
    if (typeof present === "object") throw invalid("Invalid hash", name);
    tree[key] = value;
    return;
  }
  if (typeof present === "string") throw invalid("Invalid hash", name);
  const child = present ?? emptyTree();
  tree[key] = child;
  put(child, rest, name, value);
}
