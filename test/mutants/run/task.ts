/** What a tester is asked: the tests of a file whose names contain `by`, after these files have changed. */
export interface Task {
  readonly dies: string;
  readonly by: string | undefined;
  /** Absolute paths. */
  readonly changed: readonly string[];
}

/** What became of the tests. */
export interface Outcome {
  readonly passed: number;
  /** The name of each test that failed, and the first line of why. */
  readonly failed: readonly { readonly test: string; readonly why: string }[];
  /** Why they did not run, or not all: what is wrong outside of a test. */
  readonly broken: readonly string[];
}
