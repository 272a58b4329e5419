import { createApp } from "../../../src/app.ts";
import type { Bindings } from "../../../src/platform/config.ts";
import { createServices, type Services } from "../../../src/services.ts";

/** One isolate of the shop: its memory ends with it, what it has written stays. */
export class ShopProcess {
  alive = true;
  /** Resolves when it dies. */
  readonly died: Promise<undefined>;
  readonly bindings: Bindings;
  readonly services: Services;
  #tell: (value: undefined) => void = () => undefined;

  constructor(bindingsFor: (process: ShopProcess) => Bindings, now: () => number) {
    this.died = new Promise((resolve) => {
      this.#tell = resolve;
    });
    this.bindings = bindingsFor(this);
    this.services = createServices(this.bindings, { now });
  }

  die(): void {
    this.alive = false;
    this.#tell(undefined);
  }

  /** What the work comes to; undefined when the process dies of it. */
  async outcome<T>(work: Promise<T>): Promise<T | undefined> {
    const result = await Promise.race([work, this.died]);
    return this.alive ? result : undefined;
  }
}

interface Slot {
  current: Services | undefined;
  readonly app: ReturnType<typeof createApp>;
}

const slots = new Map<number, Slot>();

/** The HTTP face of the process in this slot. Building one takes longer than a history, so each serves process after process. */
export function appOf(slot: number, { services }: ShopProcess): ReturnType<typeof createApp> {
  const found = slots.get(slot) ?? makeSlot(services);
  found.current = services;
  slots.set(slot, found);
  return found.app;
}

function makeSlot(services: Services): Slot {
  const holder: { current: Services } = { current: services };
  const facade = new Proxy(services, {
    get: (_, key) => Reflect.get(holder.current, key),
  });
  return Object.assign(holder, { app: createApp(facade) });
}
