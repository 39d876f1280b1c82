// The Cryptlex token and product: looked at with the doctor's eyes before they are set.

import { checkCryptlexToken } from "../doctor/checks/cryptlex_token.ts";
import { createExam, type Exam, type ExamTools } from "../doctor/exam.ts";
import { type Finding, ok, skipped } from "../doctor/finding.ts";
import { lenientSettings } from "../doctor/lenient_settings.ts";
import { type Source, type Value, values } from "./values.ts";

type Env = Readonly<Record<string, string | undefined>>;

export type CryptlexValues = {
  /** Null: the project's stays as it is. */
  readonly token: string | null;
  readonly product: string | null;
};

/**
 * Takes what the project lacks, and what is given besides.
 *
 * @throws {UsageError} the project lacks one, nobody says it, and nobody can be asked.
 * @throws {Error} Cryptlex does not take one that is given.
 */
export async function takeCryptlexValues(
  source: Source,
  { env, tools, has, byPlans, tell }: {
    env: Env;
    tools: ExamTools;
    /** Whether the project has that secret. */
    has: (name: string) => boolean;
    /** No one product is for everything. */
    byPlans: boolean;
    tell: (finding: Finding) => void;
  },
): Promise<CryptlexValues> {
  const { cryptlexToken, cryptlexProduct } = values;
  const isWanted = (value: Value) => source.given(value) !== null || !has(value.name);
  const wantsToken = isWanted(cryptlexToken);
  const wantsProduct = isWanted(cryptlexProduct) &&
    !(byPlans && source.given(cryptlexProduct) === null);
  source.need(
    ...(wantsToken ? [cryptlexToken] : []),
    ...(wantsProduct ? [cryptlexProduct] : []),
  );

  const examWith = (token: string) => examOf({ ...env, CRYPTLEX_ACCESS_TOKEN: token }, tools);
  let token: string | null = null;
  if (wantsToken) {
    token = await source.take(cryptlexToken, (text) => tokenProblem(examWith(text)));
    tell(ok(cryptlexToken.what, "may read and write licenses and users"));
  } else tell(ok(cryptlexToken.what, "the project has one"));

  if (!wantsProduct) {
    tell(ok(cryptlexProduct.what, byPlans ? "none: plans say" : "the project has one"));
    return { token, product: null };
  }
  let found: Finding = skipped(cryptlexProduct.what, "none: plans say");
  const product = await source.take(cryptlexProduct, async (text) => {
    if (text === "") return null;
    if (token === null) {
      found = skipped(cryptlexProduct.what, "not looked at, without a token");
      return null;
    }
    const look = await productAt(examWith(token), text);
    if (typeof look === "string") return look;
    found = look;
    return null;
  });
  tell(found);
  return { token, product: product === "" ? null : product };
}

function examOf(env: Env, tools: ExamTools): Exam {
  return createExam({ settings: lenientSettings(env).settings, functionUrl: "" }, tools);
}

async function tokenProblem(exam: Exam): Promise<string | null> {
  const failures = (await checkCryptlexToken(exam)).filter(({ state }) => state === "failed");
  if (failures.length === 0) return null;
  return failures.map(({ name, found }) => `${name}: ${found}`).join("; ");
}

async function productAt(exam: Exam, id: string): Promise<Finding | string> {
  const { what } = values.cryptlexProduct;
  const { status, body } = await exam.cryptlex(`/v3/products/${encodeURIComponent(id)}`);
  if (status === 200) {
    const name = typeof body === "object" && body !== null && "name" in body ? body.name : "";
    return ok(what, `${id}: ${name}`);
  }
  if (status === 403) return skipped(what, "the token may not read products (product:read)");
  return status === 404 || status === 400
    ? `Cryptlex does not know that product`
    : `Cryptlex answers ${status === 0 ? "nothing" : status}`;
}
