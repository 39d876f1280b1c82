// What Stripe leaves out of an object unless it is asked for by `expand`. Pure.
import type { StripeObject } from "./list_page.ts";

export type Includes = {
  /** The payments of an invoice. */
  payments(invoiceId: string): StripeObject[];
  /** The lines of a session. */
  lineItems(sessionId: string): StripeObject[];
};

const LIST_LENGTH = 10;

/** The answer, one object or a list, with what these paths ask for and no answer has by itself. */
export function include(answer: StripeObject, paths: string[], includes: Includes): StripeObject {
  const fields: [path: string, of: (id: string) => StripeObject[]][] = [
    ["payments", includes.payments],
    ["line_items", includes.lineItems],
  ];
  return fields.reduce((answer, [field, of]) => {
    const asked = (path: string) => path === field || path.startsWith(`${field}.`);
    const into = (object: StripeObject): StripeObject => {
      const all = of(String(object.id));
      const data = all.slice(0, LIST_LENGTH);
      return { ...object, [field]: { object: "list", data, has_more: all.length > LIST_LENGTH } };
    };
    if (answer.object !== "list") return paths.some(asked) ? into(answer) : answer;
    const isAsked = paths.some((path) => path.startsWith("data.") && asked(path.slice(5)));
    return isAsked && Array.isArray(answer.data)
      ? { ...answer, data: answer.data.map(into) }
      : answer;
  }, answer);
}
