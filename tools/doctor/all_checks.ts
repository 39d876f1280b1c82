// The one list of what is looked at besides the settings, in the order it is told.

import { checkCatalogue } from "./checks/catalogue.ts";
import { checkClocks } from "./checks/clocks.ts";
import { checkCryptlexRate } from "./checks/cryptlex_rate.ts";
import { checkCryptlexToken } from "./checks/cryptlex_token.ts";
import { checkDatabase, checkEvents, checkModes } from "./checks/database.ts";
import { checkFunction } from "./checks/function.ts";
import { checkSchedule } from "./checks/schedule.ts";
import { checkStripeEndpoint } from "./checks/stripe_endpoint.ts";
import { checkOpenInvoices } from "./checks/stripe_invoices.ts";
import { checkStripeKey } from "./checks/stripe_key.ts";
import type { Exam } from "./exam.ts";
import type { Finding } from "./finding.ts";

/** What a check cannot look without, besides the function's address. */
export type Need = "database" | "Cryptlex token" | "Stripe key";

export type Check = {
  readonly about: string;
  readonly needs: Need | null;
  readonly look: (exam: Exam) => Promise<Finding[]>;
};

export const allChecks: readonly Check[] = [
  { about: "database", needs: "database", look: checkDatabase },
  { about: "schedule", needs: "database", look: checkSchedule },
  { about: "events", needs: "database", look: checkEvents },
  { about: "test and live", needs: "database", look: checkModes },
  { about: "function", needs: "database", look: checkFunction },
  { about: "Stripe key", needs: "Stripe key", look: checkStripeKey },
  { about: "Stripe endpoint", needs: "Stripe key", look: checkStripeEndpoint },
  { about: "open invoices", needs: "Stripe key", look: checkOpenInvoices },
  { about: "Cryptlex token", needs: "Cryptlex token", look: checkCryptlexToken },
  { about: "Cryptlex catalogue", needs: "Cryptlex token", look: checkCatalogue },
  { about: "Cryptlex rate", needs: "Cryptlex token", look: checkCryptlexRate },
  { about: "clocks", needs: null, look: checkClocks },
];
