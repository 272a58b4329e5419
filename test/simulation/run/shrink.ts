interface Shrinkable<Fault> {
  readonly faults: readonly Fault[];
}

export interface Shrunk<Step> {
  readonly steps: readonly Step[];
  /** How many histories were played for it. */
  readonly tries: number;
}

/**
 * Leaves out of a failing history what it fails without: first halves, then ever smaller parts, then single faults
 * (delta debugging). `fails` plays a history; after `limit` of them what has been found is the answer.
 */
export async function shrink<Fault, Step extends Shrinkable<Fault>>(
  history: readonly Step[],
  fails: (steps: readonly Step[]) => Promise<boolean>,
  limit: number,
): Promise<Shrunk<Step>> {
  let steps = history;
  let tries = 0;
  const stillFails = async (candidate: readonly Step[]): Promise<boolean> => {
    if (tries >= limit) return false;
    tries += 1;
    if (!(await fails(candidate))) return false;
    steps = candidate;
    return true;
  };
  for (let size = Math.ceil(steps.length / 2); size >= 1 && tries < limit; ) {
    let smaller = false;
    for (let start = 0; start < steps.length; ) {
      const rest = [...steps.slice(0, start), ...steps.slice(start + size)];
      if (await stillFails(rest)) smaller = true;
      else start += size;
    }
    if (size > 1) size = Math.ceil(size / 2);
    else if (!smaller) break;
  }
  await dropFaults(() => steps, stillFails);
  return { steps, tries };
}

async function dropFaults<Fault, Step extends Shrinkable<Fault>>(
  current: () => readonly Step[],
  stillFails: (candidate: readonly Step[]) => Promise<boolean>,
): Promise<void> {
  for (let i = 0; i < current().length; i += 1) {
    for (let j = 0; j < (current()[i]?.faults.length ?? 0); ) {
      const candidate = current().map((step, at) =>
        at === i ? { ...step, faults: step.faults.filter((_, k) => k !== j) } : step,
      );
      if (!(await stillFails(candidate))) j += 1;
    }
  }
}

/** What kind of breach a sentence is about, without the ids and numbers of this history. */
export function kindOfBreach(sentence: string): string {
  return sentence
    .replaceAll(/\b[a-z]{2,4}_\w{20,}/g, "#")
    .replaceAll(/\d+/g, "#")
    .slice(0, 80);
}
