import { type Checked, fallback, group, list, type Shape, text } from "../protocol/checks.ts";
import type { FormTree } from "../protocol/form.ts";
import type { Scope } from "../world/world.ts";
import { type ExpandableName, refuseUnexpandable } from "./expand.ts";

/** What an endpoint does once its parameters are known to be good. */
export type Execute = () => object;

type Method = "GET" | "POST" | "DELETE";

export interface Endpoint {
  method: Method;
  /** Path with `:id` for its one variable segment. */
  path: string;
  /** Checks everything that needs no change of state; throws the 400 of a request never begun. */
  prepare(scope: Scope, form: FormTree, id: string): Prepared;
}

export interface Prepared {
  execute: Execute;
  expand: string[];
}

interface Definition<S extends Shape> {
  method: Method;
  path: string;
  /** What is answered, for `expand`; `list` for pages of it. */
  answers: { object: ExpandableName; list?: boolean };
  notEmulated?: readonly string[];
  run: (scope: Scope, params: Checked<S>, id: string) => object;
  /** Throws for parameters that are wrong together, before anything is executed. */
  refuse?: (scope: Scope, params: Checked<S>, id: string) => void;
}

const MAX_EXPANDED = 20;
const expansions = fallback(list(text(), { max: MAX_EXPANDED }), []);

/** `params` come apart from the rest because TypeScript then knows them when it reads `run`. */
export function endpoint<S extends Shape>(params: S, definition: Definition<S>): Endpoint {
  const { method, path, answers, notEmulated, run, refuse } = definition;
  const check = group(params, notEmulated);
  return {
    method,
    path,
    prepare(scope, form, id) {
      const { expand: expandForm, ...rest } = form;
      const expand = expansions(expandForm, "expand");
      for (const field of expand) refuseUnexpandable(answers, field);
      const checked = check(rest, "");
      refuse?.(scope, checked, id);
      return { execute: () => run(scope, checked, id), expand };
    },
  };
}
