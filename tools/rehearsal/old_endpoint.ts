// Whether Stripe still sends sales elsewhere, as to the script's endpoint.

import { z } from "zod";
import { type Exam, recordsIn } from "../doctor/exam.ts";
import { bare, said } from "../doctor/http.ts";
import { counted } from "../explain/words.ts";
import type { Item } from "./checklist.ts";

const endpointSchema = z.object({
  url: z.string(),
  status: z.string(),
  enabled_events: z.array(z.string()),
});

/** What Cryptlex's script is sent (docs.cryptlex.com, using Stripe), and every event. */
const itsEvents = ["checkout.session.completed", "invoice.paid", "customer.created", "*"];

const name = "old endpoint";
const byHand = "look yourself in Stripe's dashboard, Developers, Webhooks";

/** `oldUrl`: the script's; null: any other that gets sales may be it. */
export async function checkOldEndpoint(exam: Exam, oldUrl: string | null): Promise<Item> {
  if (exam.settings.stripeSecretKey === null) {
    return { name, state: "skipped", found: "without STRIPE_SECRET_KEY", cure: byHand };
  }
  const listed = await exam.stripe("/v1/webhook_endpoints?limit=100");
  if (listed.status !== 200) {
    const cure = `a key with Read for Webhook Endpoints, for this run alone; or ${byHand}`;
    return { name, state: "skipped", found: `Stripe answers ${said(listed)}`, cure };
  }
  const others = recordsIn(listed.body, endpointSchema)
    .filter(({ url, status, enabled_events }) =>
      status === "enabled" && bare(url) !== bare(exam.functionUrl) &&
      (oldUrl === null
        ? enabled_events.some((type) => itsEvents.includes(type))
        : bare(url) === bare(oldUrl))
    )
    .map(({ url }) => bare(url));
  if (others.length === 0) {
    return { name, state: "ok", found: "no other endpoint gets sales from Stripe" };
  }
  return {
    name,
    state: "remains",
    found: oldUrl === null
      ? `${counted(others.length, "other endpoint")} ${
        others.length === 1 ? "gets" : "get"
      } sales from Stripe: ${others.join(", ")}`
      : "Stripe still sends to it",
    cure: "disable the script's in Stripe's dashboard, Developers, Webhooks, and wait ten minutes" +
      (oldUrl === null ? "; is it none of these, say --old-endpoint <its URL>" : ""),
  };
}
