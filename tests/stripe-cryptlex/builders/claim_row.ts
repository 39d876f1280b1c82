// The JSON of a claim, as the ledger's functions in Postgres return it.

/** A claim of `sub_1` with everything a claim may have. */
export function claimRow(changed: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    purchase_id: "sub_1",
    token: "token-1",
    claimed_at: "2026-11-02T10:00:00.123456+00:00",
    must_read: false,
    looks_again: true,
    replays: 2,
    attempts: 3,
    states: [{ items: {} }, { sessions: {}, of_a_newer_release: 1 }],
    joined_ids: ["pi_1", "cs_1"],
    events: [{
      event_id: "evt_1",
      event_type: "invoice.paid",
      status: "parked",
      opens_sale: true,
      event_created_at: "2026-11-02T12:00:00+02:00",
    }],
    licenses: [{
      license_id: "license-1",
      slot: "product-a/1",
      origin: "adopted",
      cryptlex_product_id: "product-a",
      license_template_id: "template-a",
      entitlement_set_id: "set-a",
      mapped_by: "plan",
      stripe_item_id: "si_1",
      stripe_price_id: "price_a",
      stripe_product_id: "prod_a",
      user_id: "user-1",
      subscription_interval: "P1M",
      license_expires_at: "2026-12-05T10:00:00+00:00",
      wrote_expires_at: null,
      perpetual: false,
      suspended: true,
      revoked: false,
      wrote_revoked: false,
      ended_at: null,
      gone_at: "2026-11-01T00:00:00Z",
    }],
    customer: { stripe_customer_id: "cus_1", user_id: "user-1", user_made_by_us: false },
    has_plans: true,
    plans: [{
      stripe_id: "price_a",
      cryptlex_product_id: "product-a",
      license_template_id: null,
      entitlement_set_id: "set-a",
    }],
    ...changed,
  };
}
