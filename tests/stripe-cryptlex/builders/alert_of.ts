// An alert as the ledger hands it out.

import type { Alert, AlertEvent } from "../../../functions/stripe-cryptlex/alert.ts";

/** An alert about one parked event and nothing else. */
export function alertOf(changed: Partial<Alert> = {}): Alert {
  return { token: "token-1", parked: 1, events: [alertEventOf()], late: null, ...changed };
}

export function alertEventOf(changed: Partial<AlertEvent> = {}): AlertEvent {
  return {
    eventId: "evt_1",
    eventType: "invoice.paid",
    purchaseId: "sub_1",
    lastError: "Cryptlex refused POST /v3/licenses with 400: no such product",
    ...changed,
  };
}
