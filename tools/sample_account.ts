// What the Cryptlex account of the demo and of development sells. Data only.

import type { SandboxOptions } from "./cryptlex_sandbox/sandbox.ts";

/** The one token the sandbox takes. */
export const sandboxAccessToken = "sandbox-access-token";

/** Cryptlex mails the buyer the key. */
const automatedEmails = ["license.created"];

/** Sold by the month. */
export const app = {
  id: "product-app",
  name: "App",
  licenseTemplateId: "template-monthly",
  automatedEmails,
};

/** Paid once. */
export const appForever = {
  id: "product-app-forever",
  name: "App Forever",
  licenseTemplateId: "template-perpetual",
  automatedEmails,
};

/** What App can be sold with, the second with more in it. */
export const teamSet = { id: "set-team", name: "Team", productIds: [app.id] };
export const proSet = { id: "set-pro", name: "Pro", productIds: [app.id] };

/** The account before anything is sold. */
export const sampleAccount = {
  accessToken: sandboxAccessToken,
  products: [app, appForever],
  licenseTemplates: [
    { id: "template-monthly", name: "Monthly", subscriptionInterval: "P1M" },
    { id: "template-perpetual", name: "Perpetual", subscriptionInterval: "" },
  ],
  entitlementSets: [teamSet, proSet],
} satisfies SandboxOptions;
