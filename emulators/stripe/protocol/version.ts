/** The API version of the pinned `stripe` package; a test compares the two. */
export const API_VERSION = "2026-10-28.endive";
