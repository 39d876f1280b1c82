// What remains before switching, as a list of items. Pure.

import type { License } from "../../functions/stripe-cryptlex/cryptlex_payloads.ts";
import { purchaseKeys, slotOf } from "../../functions/stripe-cryptlex/license_metadata.ts";
import type { Diagnosis } from "../doctor/diagnosis.ts";
import type { Finding } from "../doctor/finding.ts";
import { counted, minute } from "../explain/words.ts";
import { type Difference, type Kind, kinds } from "./difference.ts";
import type { UnreadEvents } from "./rehearsal_door.ts";

export type Item = {
  readonly name: string;
  /** `remains`: to be done before switching; `look`: a person may want to; `skipped`: not looked at. */
  readonly state: "ok" | "remains" | "look" | "skipped";
  readonly found: string;
  readonly cure?: string;
};

/** Whether a rehearsal is going on, and since when. */
export function rehearsalItems(
  diagnosis: Pick<Diagnosis, "rehearsal" | "told_at"> | null,
  { begunAt, total }: { begunAt: Date | null; total: number },
): Item[] {
  const held: Item = begunAt === null
    ? {
      name: "rehearsed",
      state: "remains",
      found: "no event is held: nothing was rehearsed yet",
      cure: "is the endpoint in Stripe, and RECORD_ONLY=true? Wait until a renewal and a sale came",
    }
    : {
      name: "rehearsed",
      state: "ok",
      found: `${counted(total, "purchase")}, the oldest event held since ${minute(begunAt)} UTC`,
    };
  return [recordOnly(diagnosis), held];
}

function recordOnly(diagnosis: Pick<Diagnosis, "rehearsal" | "told_at"> | null): Item {
  const name = "RECORD_ONLY";
  if (diagnosis === null) return { name, state: "skipped", found: "the database does not tell" };
  const { rehearsal, told_at } = diagnosis;
  if (told_at === null) {
    return { name, state: "skipped", found: "the function has not said yet", cure: openHealth };
  }
  const when = `said at ${minute(told_at)} UTC`;
  return rehearsal ? { name, state: "ok", found: `on, as the function ${when}` } : {
    name,
    state: "remains",
    found: `off, as the function ${when}: it acts`,
    cure: `to rehearse: supabase secrets set RECORD_ONLY=true; then ${openHealth}`,
  };
}

const openHealth = "open the function's /health once";

const cures: Partial<Record<Kind, string>> = {
  parked: "do what each says, above",
  missing: "paid and without one? Then it is right. Has the buyer one? Then write the purchase's " +
    "id into its metadata in Cryptlex, or a second one is made",
  more: "several items or units are sold, and the script made fewer: it is right if so much is " +
    "meant; seats in licensing.plans say what a unit buys",
  unmapped: "is a license sold there? A row in licensing.plans, or CRYPTLEX_PRODUCT_ID",
  double: "revoke in Cryptlex what its buyer does not use; or leave them",
};

/** What there is to do about the purchases, by kind. */
export function purchaseItems(differences: readonly Difference[]): Item[] {
  const of = (kind: Kind) => differences.filter((one) => one.kinds.includes(kind)).length;
  const items = (Object.keys(cures) as Kind[]).flatMap((kind): Item[] => {
    const count = of(kind);
    if (count === 0) return [];
    return [{
      name: "purchases",
      state: kinds[kind].weight === "settle" ? "remains" : "look",
      found: `${count}: ${kinds[kind].words}`,
      ...(cures[kind] === undefined ? {} : { cure: cures[kind] }),
    }];
  });
  const others =
    differences.filter(({ kinds: [main] }) =>
      kinds[main].weight === "look" && cures[main] === undefined
    ).length;
  if (others > 0) {
    items.push({
      name: "purchases",
      state: "look",
      found: `${others} differ otherwise`,
      cure: "see above whether that is meant",
    });
  }
  return items.length > 0 ? items : [{ name: "purchases", state: "ok", found: "none differs" }];
}

/** What Stripe sent and nobody understood. */
export function unreadItems(unread: readonly UnreadEvents[]): Item[] {
  const lost = unread.filter(({ status, reason }) =>
    status === "parked" || reason.startsWith("a thin event")
  );
  const others = unread.filter((one) => !lost.includes(one))
    .reduce((sum, { count }) => sum + count, 0);
  return [
    ...lost.map(({ eventType, status, reason, count }): Item => ({
      name: "not understood",
      state: "remains",
      found: `${counted(count, "event")} ${eventType}: ${reason}`,
      cure: status === "parked"
        ? "update this repository and deploy; then: deno task replay --parked"
        : "in Stripe's dashboard make the destination anew with the payload style Snapshot",
    })),
    ...(lost.length > 0 ? [] : [{
      name: "events",
      state: "ok" as const,
      found: `all understood${
        others === 0 ? "" : `; ${others.toLocaleString("en")} tell nothing of licenses`
      }`,
    }]),
  ];
}

/** As Cryptlex's script writes it where it did not know the subscription. */
const nobodys = "subscription_empty";

/** Removed from Stripe, it may still be at what it got before. */
const settleMs = 10 * 60 * 1000;

/** What the licenses of the account say of the script. */
export function licenseItems(
  licenses: readonly License[],
  { now, seen }: { now: Date; seen: ReadonlySet<string> },
): Item[] {
  const others = licenses.filter((license) => slotOf(license) === null && !license.fields.revoked);
  const isNobodys = ({ metadata }: License) =>
    metadata.some(({ key, value }) => purchaseKeys.includes(key) && value === nobodys);
  const empty = others.filter(isNobodys);
  const newest = others.reduce<Date | null>(
    (latest, { createdAt }) => latest === null || createdAt > latest ? createdAt : latest,
    null,
  );
  const unheard = others.filter((one) => !seen.has(one.id) && !isNobodys(one)).length;
  return [
    ...(empty.length === 0 ? [] : [{
      name: "nobody's licenses",
      state: "remains" as const,
      found: `${counted(empty.length, "license")} with ${nobodys} for a subscription: ` +
        empty.slice(0, 5).map(({ id }) => id).join(", ") + (empty.length > 5 ? ", …" : ""),
      cure: "deno task reconcile says whose each may be; --link <license>=<sub_…> --apply writes " +
        "it, or its renewal makes a second license",
    }]),
    {
      name: "the script's licenses",
      state: "ok",
      found:
        `${counted(others.length, "license")} that ${
          others.length === 1 ? "names" : "name"
        } a purchase; ` +
        `${
          unheard.toLocaleString("en")
        } of purchases that had no event yet are found when one comes`,
    },
    ...(newest === null || now.getTime() - newest.getTime() > settleMs ? [] : [{
      name: "the script",
      state: "remains" as const,
      found: `made a license at ${minute(newest)} UTC, less than ten minutes ago`,
      cure: "once its endpoint is disabled, wait ten minutes",
    }]),
  ];
}

/** What the doctor found: every failure, and that it looked. */
export function doctorItems(findings: readonly Finding[]): Item[] {
  const failures = findings.filter(({ state }) => state === "failed");
  const count = (state: Finding["state"]) =>
    findings.filter((finding) => finding.state === state).length;
  return [
    ...failures.map((finding): Item => ({ ...finding, state: "remains" })),
    {
      name: "doctor",
      state: "ok",
      found: `${count("ok")} ok, ${failures.length} failed, ${count("skipped")} skipped ` +
        "(deno task doctor tells all)",
    },
  ];
}
