// The story of the comparison: read the account, go through what was rehearsed, look at the rest.

import {
  CryptlexAnsweredError,
  CryptlexUnansweredError,
} from "../../functions/stripe-cryptlex/cryptlex_errors.ts";
import { parseSettings, SettingsError } from "../../functions/stripe-cryptlex/settings.ts";
import { merge, nothing } from "../../functions/stripe-cryptlex/purchase.ts";
import { readLicenses } from "../../functions/stripe-cryptlex/read_licenses.ts";
import { policyOf } from "../../functions/stripe-cryptlex/policy.ts";
import type { Settings } from "../../functions/stripe-cryptlex/settings.ts";
import { readDiagnosis } from "../doctor/diagnosis.ts";
import { createExam, type ExamTools } from "../doctor/exam.ts";
import { cleaner, examine, type Patient } from "../doctor/run_doctor.ts";
import { doorClient } from "../operator/call_doors.ts";
import { type LicenseShelf, listAllLicenses } from "../operator/license_shelf.ts";
import { createPatientCryptlex } from "../operator/patient_cryptlex.ts";
import { withProgress } from "../operator/progress.ts";
import {
  doctorItems,
  type Item,
  licenseItems,
  purchaseItems,
  rehearsalItems,
  unreadItems,
} from "./checklist.ts";
import { compare } from "./compare.ts";
import type { Difference } from "./difference.ts";
import { checkOldEndpoint } from "./old_endpoint.ts";
import { createRehearsalDoor, type UnreadEvents } from "./rehearsal_door.ts";

export type Rehearsal = {
  readonly settings: Settings;
  /** Without a trailing slash. */
  readonly functionUrl: string;
  /** When the event that is held longest came; null: none is held. */
  readonly begunAt: Date | null;
  readonly differences: readonly Difference[];
  readonly items: readonly Item[];
  /** Nothing remains to be done before switching. */
  readonly isReady: boolean;
};

/**
 * Compares what was rehearsed with what is in Cryptlex. Changes nothing.
 *
 * @throws {Error} a setting is missing, or the database or Cryptlex does not tell.
 */
export async function rehearsal(
  patient: Patient,
  tools: ExamTools & { oldUrl: string | null },
): Promise<Rehearsal> {
  try {
    return await lookAtAll(patient, tools);
  } catch (error) {
    const isForeseen = error instanceof CryptlexAnsweredError ||
      error instanceof CryptlexUnansweredError;
    throw isForeseen ? new Error(error.message, { cause: error }) : error;
  }
}

async function lookAtAll(
  patient: Patient,
  { oldUrl, ...tools }: ExamTools & { oldUrl: string | null },
): Promise<Rehearsal> {
  const settings = settingsOf(patient.env);
  const functionUrl =
    (patient.functionUrl ?? `${settings.supabaseUrl}/functions/v1/stripe-cryptlex`)
      .replace(/\/+$/, "");
  const account = await withProgress("Licenses read", null, (advance) =>
    listAllLicenses(
      createPatientCryptlex({
        baseUrl: settings.cryptlexWebApiBaseUrl,
        accessToken: settings.cryptlexAccessToken,
        timeoutMs: settings.cryptlexTimeoutMs,
        fetch: tools.fetch,
      }, { rate: settings.cryptlexRate, wait: tools.wait }),
      advance,
    ));
  const rehearsed = await compareAll(settings, { account, now: tools.now() });
  const { begunAt, differences, unread } = rehearsed;

  const exam = createExam({ settings, functionUrl }, tools);
  const seen = new Set(differences.flatMap(({ licenseIds }) => licenseIds));
  const clean = cleaner(patient.env);
  const items = [
    ...rehearsalItems(await readDiagnosis(exam), { begunAt, total: differences.length }),
    ...purchaseItems(differences),
    ...unreadItems(unread),
    ...licenseItems(account.all ?? [], { now: tools.now(), seen }),
    await checkOldEndpoint(exam, oldUrl),
    ...doctorItems(await examine(patient, tools)),
  ].map((item): Item => ({ ...clean({ ...item, state: "ok" }), state: item.state }));
  return {
    settings,
    functionUrl,
    begunAt,
    differences,
    items,
    isReady: items.every(({ state }) => state !== "remains"),
  };
}

async function compareAll(
  settings: Settings,
  { account, now }: { account: LicenseShelf; now: Date },
): Promise<{ begunAt: Date | null; differences: Difference[]; unread: UnreadEvents[] }> {
  const { supabaseUrl: url, supabaseSecretKey: secretKey } = settings;
  const policy = policyOf(settings);
  const pageAfter = createRehearsalDoor(doorClient({ url, secretKey }));
  const first = await pageAfter(null);
  const { begunAt, total, unread } = first;
  const hasStripeKey = settings.stripeSecretKey !== null;
  const differences: Difference[] = [];
  await withProgress("Comparing", total, async (advance) => {
    for (let page = first;; page = await pageAfter(page.next)) {
      for (const claim of page.claims) {
        const purchase = claim.states.reduce(merge, nothing);
        const { purchaseId, joinedIds, licenses: known } = claim;
        // Exactly as the function will read it, once it is no rehearsal any more.
        const licenses = await readLicenses(account, {
          ...{ purchaseId, purchase, joinedIds, known, now },
          unheard: claim.mustRead,
        });
        differences.push(compare(claim, { purchase, licenses }, { policy, hasStripeKey }));
      }
      advance(page.claims.length);
      if (page.next === null) break;
    }
  });
  return { begunAt, differences, unread };
}

function settingsOf(env: Patient["env"]): Settings {
  try {
    // Nothing is verified here.
    return parseSettings({
      ...env,
      STRIPE_WEBHOOK_SECRET: env["STRIPE_WEBHOOK_SECRET"] || "whsec_unused",
    });
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    throw new Error(`Cannot begin: ${error.problems.join("; ")}`, { cause: error });
  }
}
