/** A small change of the shop that must not go unnoticed, and the test that notices it. */
export interface Mutant {
  /** What would then be wrong, in a sentence that is in no other mutant. */
  readonly name: string;
  /** Text of src/ or migrations/ that occurs once, and what it becomes. No path: files move. */
  readonly change: readonly [text: string, becomes: string];
  /** Where the text occurs more than once: a part of the file's path. */
  readonly in?: string;
  /** Where it occurs more than once in a file: text that occurs once in it, and before it; the first one after that is meant. */
  readonly after?: string;
  /** The test file that dies of it. */
  readonly dies: string;
  /** A part of the name of the test in it; without, all of the file's are run. */
  readonly by?: string;
}
