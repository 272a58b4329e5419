/** Tests of one file. */
export interface Tests {
  readonly file: string;
  /** Those whose names contain one of these; undefined for all of them. */
  readonly by: readonly string[] | undefined;
}

/** What a tester is asked. */
export interface Task {
  readonly tests: readonly Tests[];
  /** Whether the first test that fails ends it: more is not asked of a mutant. */
  readonly untilOneFails: boolean;
  /** What has changed since the last task: absolute paths. */
  readonly changed: readonly string[];
}

/** What became of the tests of a file. */
export interface Outcome {
  readonly passed: readonly string[];
  readonly failed: readonly Failure[];
  /** Why they did not run, or not all: what is wrong outside of a test. */
  readonly broken: readonly string[];
}

export interface Failure {
  readonly test: string;
  /** The first line. */
  readonly why: string;
}

/** By file. */
export type Outcomes = Readonly<Record<string, Outcome>>;
