/** In place of `postal-mime`, see wrangler.toml: Resend's SDK brings it along to read mail that has come in, and the shop sends only. */
const noInboundMail = {
  parse: () => {
    throw new Error("The shop reads no mail.");
  },
};

export default noInboundMail;
