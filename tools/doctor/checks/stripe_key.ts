// The Stripe key: is it taken, and may it read what the function reads?

import type { Exam } from "../exam.ts";
import { failed, type Finding, ok } from "../finding.ts";
import { type Answer, said } from "../http.ts";

/** Made up: to read one is harmless. */
const nothing = "doctorlooks";

/** What is read, and the permission of a restricted key that allows it. */
const reads: readonly { readonly permission: string; readonly path: string }[] = [
  { permission: "Subscriptions", path: `/v1/subscriptions/sub_${nothing}` },
  { permission: "Checkout Sessions", path: `/v1/checkout/sessions/cs_test_${nothing}/line_items` },
  {
    permission: "Invoices",
    path: "/v1/invoice_payments?limit=1&payment[type]=payment_intent" +
      `&payment[payment_intent]=pi_${nothing}`,
  },
  { permission: "Prices", path: `/v1/prices/price_${nothing}` },
  { permission: "Products", path: `/v1/products/prod_${nothing}` },
];

export async function checkStripeKey(exam: Exam): Promise<Finding[]> {
  const name = "Stripe key";
  const answers: Answer[] = [];
  for (const { path } of reads) answers.push(await exam.stripe(path));
  const mode = exam.settings.livemode ? "live mode" : "test mode";
  const [first] = answers;
  if (first?.status === 401) {
    return [failed(
      name,
      `Stripe refuses the key of ${mode} with 401`,
      "supabase secrets set STRIPE_SECRET_KEY=… with one that is neither expired nor rolled",
    )];
  }
  const unanswered = answers.find(({ status }) => status === 0 || status === 429 || status >= 500);
  if (unanswered !== undefined) {
    return [failed(
      name,
      `Stripe answers ${said(unanswered)}`,
      "try again; is api.stripe.com reachable from here, and STRIPE_API_BASE_URL not set?",
    )];
  }
  return [
    ok(name, `taken; ${mode}`),
    ...reads.map(({ permission }, index) => permitted(permission, answers[index]?.status)),
  ];
}

/** Whether there is such a thing says nothing: that one may ask does. */
function permitted(permission: string, status: number | undefined): Finding {
  const name = `Stripe: ${permission}`;
  return status === 403 || status === 401
    ? failed(
      name,
      "the key may not read them",
      `give the restricted key Read for ${permission} in Stripe's dashboard, Developers, API keys`,
    )
    : ok(name, "the key may read them");
}
