// The success page with a shop's own values in it, as a merchant would write them there. Pure.

/** What a merchant sets in the page. */
export type ShopValues = {
  /** The function's URL that shows keys. */
  readonly license: string;
  readonly contact: string;
  /** What Cryptlex's products are called, by id. */
  readonly products: Readonly<Record<string, string>>;
};

const values = /(<script type="application\/json" id="shop">)[\s\S]*?(<\/script>)/;

/** @throws {Error} the page has no place for the values. */
export function fillSuccessPage(html: string, shop: ShopValues): string {
  if (!values.test(html)) throw new Error('The success page has no <script id="shop">');
  // Inside a script element: nothing may look like its end.
  const json = JSON.stringify(shop).replaceAll("<", "\\u003c");
  return html.replace(values, (_all, begin: string, end: string) => `${begin}${json}${end}`);
}
