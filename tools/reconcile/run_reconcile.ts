// Reconciling, from the settings to the exit code.

import { createHash } from "node:crypto";
import { createBackground } from "../../functions/stripe-cryptlex/background.ts";
import { createWorld } from "../../functions/stripe-cryptlex/create_world.ts";
import { policyOf } from "../../functions/stripe-cryptlex/policy.ts";
import type { Settings } from "../../functions/stripe-cryptlex/settings.ts";
import { createDoorCaller, doorClient } from "../operator/call_doors.ts";
import { withProgress } from "../operator/progress.ts";
import { print, printError, screenWidth, terminalStyle } from "../terminal.ts";
import { compareAll } from "./compare_all.ts";
import { isLeft } from "./finding.ts";
import { askedLicenses, type LicenseShelf, listAllLicenses } from "../operator/license_shelf.ts";
import { checkLink, type Link, type Linking, writeLink } from "./link_license.ts";
import { policyHindrance } from "./may_apply.ts";
import { allMoneyBack, askedMoneyBack } from "./money_back.ts";
import { type AskCryptlex, createPatientCryptlex } from "../operator/patient_cryptlex.ts";
import { createPriceBook } from "./price_book.ts";
import type { PurchaseSource } from "./read_purchases.ts";
import type { Scope } from "./read_scope.ts";
import { createReconcileDoors, type ReconcileDoors } from "./reconcile_doors.ts";
import { forget, keep, resumed, type RunState } from "./run_state.ts";
import { outcomeJson, outcomeLines } from "./show_reconcile.ts";
import { createStripeLists, type StripeLists } from "./stripe_lists.ts";

export type ReconcileOptions = {
  readonly whose: string;
  /** The shell's, when it is to say by which policy the function decides; null: `settings` are its own. */
  readonly env: Readonly<Record<string, string | undefined>> | null;
  readonly settings: Settings & { readonly stripeSecretKey: string };
  readonly scope: Scope;
  /** The words it was asked in: the same, the same question. */
  readonly words: string;
  readonly apply: boolean;
  readonly remap: boolean;
  readonly links: readonly Link[];
  /** Links also what buyer or product speak against. */
  readonly force: boolean;
  readonly json: boolean;
  readonly stateFile: string;
  /** Begin anew, whatever was stopped. */
  readonly fresh: boolean;
  readonly wait: (ms: number) => Promise<void>;
};

/** Whom the tools ask. */
export type Parties = {
  readonly lists: StripeLists;
  readonly ask: AskCryptlex;
  readonly doors: ReconcileDoors;
};

const stripeTimeoutMs = 20_000;

/** Stripe, Cryptlex and the ledger, each asked within its limits. */
export async function partiesOf(
  settings: ReconcileOptions["settings"],
  wait: ReconcileOptions["wait"],
): Promise<Parties> {
  return {
    lists: await createStripeLists({
      secretKey: settings.stripeSecretKey,
      baseUrl: settings.stripeApiBaseUrl,
      timeoutMs: stripeTimeoutMs,
      fetch,
    }, wait),
    ask: createPatientCryptlex({
      baseUrl: settings.cryptlexWebApiBaseUrl,
      accessToken: settings.cryptlexAccessToken,
      timeoutMs: settings.cryptlexTimeoutMs,
      fetch,
    }, { rate: settings.cryptlexRate, wait }),
    doors: createReconcileDoors(createDoorCaller(doorClient({
      url: settings.supabaseUrl,
      secretKey: settings.supabaseSecretKey,
    }))),
  };
}

/** Compares, puts right if told so, tells, and returns whether nothing is left to do. */
export async function runReconcile(options: ReconcileOptions): Promise<boolean> {
  const { settings, scope, wait, whose } = options;
  const parties = await partiesOf(settings, wait);
  const { lists, ask, doors } = parties;
  const policy = policyOf(settings);
  const mode = options.apply ? await applyMode(options, doors) : "report";
  const source: PurchaseSource = {
    lists,
    prices: createPriceBook(lists),
    moneyBack: askedMoneyBack(lists),
  };
  await link(options, { ask, source, examiner: { doors, policy }, force: options.force });
  const apply = mode === "apply";
  if (mode === "link") printError(`Linked, and no more: ${rehearsing}`);
  const isWhole = scope.kind === "all" || scope.kind === "since";
  const shelf = isWhole ? await listed(ask) : askedLicenses(ask);
  const state = await begun(options);
  const world = createWorld({ ...settings, recordOnly: false }, () => {});
  const background = createBackground((error) => printError(String(error)));
  const ended = await withProgress(
    "Purchases compared",
    null,
    async (advance) =>
      await compareAll(state, {
        source: scope.kind === "all" ? { ...source, moneyBack: await allMoneyBack(lists) } : source,
        doors,
        shelf,
        recheck: isWhole ? askedLicenses(ask) : null,
        policy,
        livemode: settings.livemode,
        scope,
        remap: options.remap,
        mender: apply ? { doors, world, background } : null,
        keep: (now) => keep(options.stateFile, now),
        advance,
      }),
  );
  await forget(options.stateFile);
  const outcome = {
    whose,
    mode: settings.livemode === true ? "live mode" : "test mode",
    policy,
    compared: ended.compared,
    unmapped: ended.unmapped,
    findings: ended.findings,
    isApplied: apply,
  };
  if (options.json) print(outcomeJson(outcome));
  else {
    const page = { width: screenWidth(), style: terminalStyle() };
    for (const line of outcomeLines(outcome, page)) print(line);
  }
  return !ended.findings.some(isLeft);
}

/**
 * Each license somebody said is a subscription's: checked, and with `--apply` written, which the old
 * script reads, too. None is written unless all may be.
 */
async function link({ links, apply }: ReconcileOptions, linking: Linking): Promise<void> {
  for (const one of links) await checkLink(one, linking);
  if (!apply) return;
  for (const one of links) {
    // Again: what was just written may be what this one's subscription lacked.
    if (await checkLink(one, linking)) await writeLink(one, linking);
  }
}

const rehearsing =
  "the function rehearses (RECORD_ONLY), and nothing may be changed before it is over";

/**
 * What `--apply` may do: all, or, while the function only rehearses, link.
 *
 * @throws {Error} nothing; or it would be decided otherwise than the function decides.
 */
async function applyMode(
  { settings, links, env }: ReconcileOptions,
  doors: ReconcileDoors,
): Promise<"apply" | "link"> {
  const isLink = links.length > 0;
  if (settings.recordOnly && !isLink) throw new Error(`Cannot --apply: ${rehearsing}`);
  const said = await doors.functionSaid();
  const isRehearsing = settings.recordOnly || said.rehearsal;
  if (isRehearsing && !isLink) throw new Error(`Cannot --apply: ${rehearsing}`);
  const hindrance = policyHindrance(policyOf(settings), { told: said.policy, env });
  if (hindrance !== null) throw new Error(`Cannot --apply: ${hindrance}`);
  return isRehearsing ? "link" : "apply";
}

function listed(ask: AskCryptlex): Promise<LicenseShelf> {
  return withProgress("Licenses listed", null, (advance) => listAllLicenses(ask, advance));
}

/** Where a run of the same question was stopped, or the beginning. */
async function begun(options: ReconcileOptions): Promise<RunState> {
  const { settings, scope, apply, remap, stateFile, words } = options;
  const asked = {
    words,
    apply,
    remap,
    of: [settings.supabaseUrl, settings.stripeSecretKey, policyOf(settings)],
  };
  const question = createHash("sha256").update(JSON.stringify(asked)).digest("hex");
  const now = new Date();
  const stopped = options.fresh ? null : await resumed(stateFile, question, now);
  if (stopped !== null) {
    printError(
      `Going on where the run of ${stopped.begunAt} was stopped, after ${stopped.compared} ` +
        "purchases; --fresh begins anew",
    );
    return stopped;
  }
  const phase = scope.kind === "purchases" ? "named" : "subscriptions";
  return {
    question,
    begunAt: now.toISOString(),
    cursor: { phase, after: null },
    compared: 0,
    unmapped: 0,
    matched: [],
    candidates: {},
    heldBack: [],
    findings: [],
  };
}
