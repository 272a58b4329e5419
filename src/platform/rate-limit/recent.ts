/** The keys that were written last, up to a number of them; the oldest is forgotten first. */
export class Recent<Value> {
  readonly #values = new Map<string, Value>();
  readonly #maxKeys: number;

  constructor(maxKeys: number) {
    this.#maxKeys = maxKeys;
  }

  get(key: string): Value | undefined {
    return this.#values.get(key);
  }

  set(key: string, value: Value): void {
    this.#values.delete(key);
    this.#values.set(key, value);
    if (this.#values.size <= this.#maxKeys) return;
    const oldest = this.#values.keys().next().value;
    if (oldest !== undefined) this.#values.delete(oldest);
  }
}
