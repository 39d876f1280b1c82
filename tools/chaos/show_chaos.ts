// What a chaos run prints.

import { duration, print, type Style } from "../terminal.ts";

import type { WrongReport } from "./judge_chaos.ts";
import type { Merchant } from "./merchant.ts";
import type { ExpectedLicense, ExpectedPurchase } from "./model/expected_licenses.ts";
import type { ChaosFigures, ChaosOptions, ChaosResult } from "./run_chaos.ts";

/** The command that plays this again. */
export function repeatCommand({ purchases, processes, seed, seconds }: ChaosOptions): string {
  return `deno task chaos --purchases ${purchases} --processes ${processes} --seed ${seed} ` +
    `--seconds ${seconds}`;
}

/** Figures, then what is wrong, then the verdict. */
export function showChaos(options: ChaosOptions, { result, style }: {
  result: ChaosResult;
  style: Style;
}): void {
  const { wrong, problems, figures } = result;
  showFigures(options, figures);
  for (const one of wrong) showWrong(one, style);
  for (const problem of problems) print(`${style.red("wrong")}  ${problem}`);
  const isRight = wrong.length === 0 && problems.length === 0;
  print();
  print(
    isRight
      ? style.green(`Everything is exactly right (seed ${options.seed}).`)
      : style.red(`${wrong.length} purchases and ${problems.length} other things are wrong.`) +
        ` Again: ${repeatCommand(options)}`,
  );
}

function showFigures(options: ChaosOptions, figures: ChaosFigures): void {
  const { deliveries, disturbances, licenses } = figures;
  const rows: [string, string][] = [
    ["seed", `${options.seed}, ${chosen(figures.merchant)}`],
    ["purchases", `${options.purchases}, ${figures.events} events`],
    ["deliveries", `${deliveries.sent}, ${deliveries.resent} answered otherwise than 2xx`],
    ["answers", counted(deliveries.answers)],
    ["faults survived", counted(figures.faults)],
    ["kills survived", `${disturbances.kills} of ${options.processes} processes`],
    ["database away", counted(disturbances.outages)],
    ["drains", String(figures.drains)],
    ["Cryptlex calls", counted(figures.calls)],
    ["licenses", `${licenses.usable} usable, ${licenses.others} not any more`],
    ["took", duration(figures.ms)],
  ];
  for (const [name, value] of rows) print(`${name.padEnd(16)} ${value}`);
}

function chosen({ plans, policy }: Merchant): string {
  const { onCancel, onRefund, onDispute } = policy;
  return `${plans.length > 0 ? "plans map" : "the setting maps"}, ${onCancel} what ends, ` +
    `${onRefund} what is refunded, ${onDispute} what is disputed`;
}

function counted(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1));
  return parts.map(([name, count]) => `${name} ${count}`).join(", ") || "none";
}

function showWrong(
  { title, expected, problems, found, events, actions }: WrongReport,
  style: Style,
) {
  print();
  print(`${style.red("wrong")}  ${expected.stripeIds.join(" ")}  (${title})`);
  for (const problem of problems) print(`  ${problem}`);
  for (const one of wanted(expected)) print(`  the model wants  ${one}`);
  for (const license of found) {
    const { id, productId, expiresAt, revoked, suspended, createdAt } = license;
    const counts = `${license.allowedActivations} activations, ` +
      `${license.allowedFloatingClients} floating clients, ${license.entitlementSetId ?? "no set"}`;
    const slot = license.metadata.map(({ key, value }) => `${key}=${value}`).join(" ");
    print(
      `  Cryptlex has     ${id} of ${productId} until ${expiresAt ?? "ever"}, ${counts}, ` +
        `made ${createdAt}` +
        `${revoked ? ", revoked" : ""}${suspended ? ", suspended" : ""}  ${slot}`,
    );
  }
  for (const event of events) {
    print(
      `  event   ${event.event_id} ${event.event_type}: ${event.status}, ${event.attempts} ` +
        `attempts, ${event.outcome ?? ""} ${event.last_error ?? ""}`,
    );
  }
  for (const { acted_at, action, license_id, status, error, event_ids } of actions) {
    print(
      `  action  ${acted_at} ${action} ${license_id ?? ""} ${status ?? "unanswered"} ` +
        `${error ?? ""} for ${event_ids.length} events`,
    );
  }
}

function wanted({ licenses }: ExpectedPurchase): string[] {
  return licenses.length === 0 ? ["no license that can be used"] : licenses.map(described);
}

function described(license: ExpectedLicense): string {
  const { productId, entitlementSetId, allowedActivations, allowedFloatingClients, until } =
    license;
  return [
    `one of ${productId} until ${
      until === "template" ? "its template's end" : until.toISOString()
    }`,
    `${allowedActivations} activations`,
    `${allowedFloatingClients} floating clients`,
    entitlementSetId ?? "no set",
  ].join(", ");
}
