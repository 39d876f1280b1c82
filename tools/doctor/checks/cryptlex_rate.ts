// How much of Cryptlex's allowance is left to this address.

import type { Exam } from "../exam.ts";
import { failed, type Finding, ok, skipped } from "../finding.ts";

/** Fewer than this, and somebody else at this address calls a lot. */
const fewest = 10;

export async function checkCryptlexRate(exam: Exam): Promise<Finding[]> {
  const name = "Cryptlex rate";
  const { headers } = await exam.cryptlex("/v3/status");
  const remaining = headers.get("x-rate-limit-remaining");
  if (remaining === null || !/^\d+$/.test(remaining)) {
    return [skipped(name, "Cryptlex does not tell what is left")];
  }
  return [
    Number(remaining) >= fewest ? ok(name, `${remaining} calls are left to this address`) : failed(
      name,
      `${remaining} calls are left to this address`,
      "find what else calls Cryptlex from it; or lower CRYPTLEX_RATE_LIMIT, as 30/5s, to leave room",
    ),
  ];
}
