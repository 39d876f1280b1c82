// deno task reconcile --emails: each address that changed at Stripe, and the changes somebody asks for.

import { z } from "zod";
import { user } from "../../functions/stripe-cryptlex/cryptlex_payloads.ts";
import { withProgress } from "../operator/progress.ts";
import { wrapText } from "../operator/text.ts";
import { snakeKeys } from "../explain/to_json.ts";
import { UsageError } from "../run_command.ts";
import { print, screenWidth, terminalStyle } from "../terminal.ts";
import { compareEmails, type EmailChange } from "./compare_emails.ts";
import type { AskCryptlex } from "../operator/patient_cryptlex.ts";
import type { LinkedCustomer, ReconcileDoors } from "./reconcile_doors.ts";
import type { Parties } from "./run_reconcile.ts";
import { everyPage, type StripeLists } from "./stripe_lists.ts";

export type EmailOptions = {
  readonly parties: Parties;
  /** Of whom: customers or users. */
  readonly apply: readonly string[];
  readonly json: boolean;
  /** Asks a person; null: nobody is there to be asked. */
  readonly confirm: ((question: string) => boolean) | null;
};

type Result = EmailChange & {
  readonly state: "open" | "changed" | "failed";
  readonly why?: string;
};

/** Tells and changes; returns whether all addresses agree by now. */
export async function runEmails(options: EmailOptions): Promise<boolean> {
  const { parties: { lists, ask, doors }, apply, json, confirm } = options;
  const changes = await withProgress(
    "Addresses read",
    null,
    (advance) => readChanges({ lists, ask, doors }, advance),
  );
  const unknown = apply.find((id) =>
    changes.every(({ customerId, userId }) => id !== customerId && id !== userId)
  );
  if (unknown !== undefined) {
    throw new UsageError(`No address of ${unknown} differs: nothing was changed`);
  }
  const results: Result[] = [];
  for (const change of changes) {
    const { customerId, userId, stripeEmail, userEmail, hindrance } = change;
    const isNamed = apply.includes(customerId) || apply.includes(userId);
    const isWanted = isNamed ||
      (hindrance === null && apply.length === 0 && !json &&
        confirm?.(`Change ${userEmail} to ${stripeEmail} (${customerId})?`) === true);
    results.push(isWanted ? await changed(change, ask) : { ...change, state: "open" });
  }
  if (json) {
    const ok = results.every(({ state }) => state === "changed");
    print(JSON.stringify(snakeKeys({ ok, emails: results }), null, 2));
  } else show(results);
  return results.every(({ state }) => state === "changed");
}

async function readChanges(
  { lists, ask, doors }: Parties,
  advance: (count: number) => void,
): Promise<EmailChange[]> {
  const linked = await allLinked(doors);
  if (linked.length === 0) return [];
  const emails = new Map<string, string | null>();
  for (const one of await allCustomers(lists, advance)) emails.set(one.id, one.email);
  const users = new Map<string, z.infer<typeof user>>();
  for (let page = 1;; page++) {
    const path = `/v3/users?limit=100&page=${page}`;
    const listed = await ask({ method: "GET", template: "/v3/users", path }, z.array(user));
    for (const one of listed) users.set(one.id, one);
    advance(listed.length);
    if (listed.length < 100) return compareEmails(linked, { emails, users });
  }
}

function allCustomers(lists: StripeLists, advance: (count: number) => void) {
  return everyPage(async (after) => {
    const page = await lists.customers({ after });
    advance(page.data.length);
    return page;
  });
}

async function allLinked(doors: ReconcileDoors): Promise<LinkedCustomer[]> {
  const all: LinkedCustomer[] = [];
  for (;;) {
    const page = await doors.customers(all.at(-1)?.stripeCustomerId ?? null);
    if (page.length === 0) return all;
    all.push(...page);
  }
}

async function changed(change: EmailChange, ask: AskCryptlex): Promise<Result> {
  const { userId, stripeEmail, hindrance } = change;
  if (hindrance !== null) return { ...change, state: "failed", why: hindrance };
  try {
    await ask({
      method: "PATCH",
      template: "/v3/users/{id}",
      path: `/v3/users/${encodeURIComponent(userId)}`,
      once: true,
      body: { email: stripeEmail },
    }, user);
    return { ...change, state: "changed" };
  } catch (error) {
    return { ...change, state: "failed", why: error instanceof Error ? error.message : "" };
  }
}

function show(results: readonly Result[]): void {
  if (results.length === 0) {
    print("Nothing to do: every user has the address its Stripe customer has.");
    return;
  }
  const style = terminalStyle();
  print(style.bold(`${results.length} with another address at Stripe than in Cryptlex`));
  for (const one of results) {
    // In full, to be compared and copied.
    print(`  ${one.customerId}  ${one.userEmail} -> ${one.stripeEmail}`);
    const said = one.state === "changed" ? "changed" : one.why ?? one.hindrance;
    if (said) {
      const words = one.state === "failed" ? `FAILED: ${said}` : said;
      for (const line of wrapText(words, { width: screenWidth(), indent: "    " })) print(line);
    }
  }
  const open = results.filter(({ state, hindrance }) => state === "open" && hindrance === null);
  if (open.length === 0) return;
  print();
  print(
    "Buyers type their addresses themselves: whoever has the address gets the licenses. Where you",
  );
  print("are sure that it is the same person: deno task reconcile --emails --apply <cus_…>");
}
