/** The Worker sends mails with `resend` and reads none, so what that would read them with stays out: 22 KiB gzipped. */
export default class PostalMime {
  constructor() {
    throw new Error("This bundle reads no mail: see [alias] in wrangler.toml.");
  }
}
