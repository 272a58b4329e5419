/** The provider understood and said no; asking again changes nothing. `reason` is its sentence. */
export class PaymentRefused extends Error {
  override readonly name = "PaymentRefused";
  readonly reason: string;
  /** Below the least that this account can be paid, which its settlement currency decides. */
  readonly tooSmall: boolean;

  constructor(
    reason: string,
    { tooSmall = false, cause }: { tooSmall?: boolean; cause?: unknown } = {},
  ) {
    super(`The payment provider refused: ${reason}`, { cause });
    this.reason = reason;
    this.tooSmall = tooSmall;
  }
}

/** The provider could not be asked, or did not know: the same request may be sent again. */
export class PaymentUnavailable extends Error {
  override readonly name = "PaymentUnavailable";
}
