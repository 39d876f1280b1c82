// Dan has a team: it grows, and wants more of the product.

import { app, proSet, teamSet } from "../../sample_account.ts";
import type { StripeShop } from "../../stripe_sandbox/stripe_shop.ts";
import { DAY, later } from "../../stripe_sandbox/unix_time.ts";
import { appPro, appTeam } from "../plans.ts";
import { type StoryLicense, type StoryStep, usable, withGrace } from "../story_step.ts";

export function tellDan(shop: StripeShop): StoryStep[] {
  const dan = { email: "dan@example.com", name: "Dan Draper" };
  const sale = shop.subscribe({ ...dan, price: { ...appTeam, quantity: 3 } });
  const opened = sale.firstInvoicePaid();
  const startedAt = new Date(opened.created * 1000);
  // What is changed in the middle of a month is billed with the next one.
  const prorationBehavior = "create_prorations";
  const grown = sale.changeQuantity({
    quantity: 5,
    at: later(startedAt, 5 * DAY),
    prorationBehavior,
  });
  const upgraded = sale.changePlan({
    to: { ...appPro, quantity: 5 },
    at: later(startedAt, 10 * DAY),
    prorationBehavior,
  });
  const license: StoryLicense = {
    ...usable,
    email: dan.email,
    productId: app.id,
    entitlementSetId: teamSet.id,
    activations: 3,
    expires: withGrace(sale.periodEnd(0)),
  };
  const about = { purchaseId: sale.id, status: "applied" } as const;

  return [
    {
      ...about,
      title: "Dan pays for App Team, 3 seats a month",
      event: opened,
      license,
      calls: 2,
    },
    {
      ...about,
      title: "His team grows to 5 seats",
      event: grown.updated,
      license: { ...license, activations: 5 },
      calls: 2,
    },
    {
      ...about,
      title: "He upgrades to App Pro and keeps his key",
      event: upgraded.updated,
      license: { ...license, activations: 5, entitlementSetId: proSet.id },
      calls: 2,
    },
  ];
}
