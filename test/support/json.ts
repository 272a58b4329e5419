/** Of an answer, which tests look into field by field. */
// biome-ignore lint/suspicious/noExplicitAny: a field that is not there fails the test that reads it
export type Json = any;
