// The commands that end a rehearsal. Pure.

/** In this order; each a command, or what there is to do in Stripe's dashboard. */
export function switchingSteps(
  { functionUrl, isStack }: { functionUrl: string; isStack: boolean },
): string[] {
  return [
    "In Stripe's dashboard, Developers, Webhooks: disable the script's endpoint. Wait ten minutes.",
    isStack
      ? 'Stop "deno task dev", and start it without RECORD_ONLY.'
      : "npx supabase@3.1.0 secrets unset RECORD_ONLY",
    `curl ${functionUrl}/health`,
    "deno task doctor",
    "deno task reconcile, and with --apply once it says what differs",
  ];
}
