// E-mail addresses have no business in what we write down or send on. No IO.

/** The text with everything that looks like an e-mail address replaced by `<address>`. */
export function maskAddresses(text: string): string {
  return text.replace(/[^\s"'<>]+@[^\s"'<>]+/g, "<address>");
}
