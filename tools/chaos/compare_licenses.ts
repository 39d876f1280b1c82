// What Cryptlex has against what the model says. Pure.

import { addInterval, parseInterval } from "../cryptlex_sandbox/calendar_interval.ts";
import type { SandboxLicense, SandboxUser } from "../cryptlex_sandbox/sandbox.ts";
import { account } from "./chaos_catalogue.ts";
import type { ExpectedLicense, ExpectedPurchase } from "./expected_licenses.ts";

/** A purchase that is not as it must be; `problems` are sentences. */
export type WrongPurchase = {
  readonly expected: ExpectedPurchase;
  /** Its licenses, revoked ones too. */
  readonly found: readonly SandboxLicense[];
  readonly problems: readonly string[];
};

const hourMs = 60 * 60 * 1000;

/** The purchases whose usable licenses are not exactly as the model says. */
export function wrongPurchases(
  expected: readonly ExpectedPurchase[],
  licenses: readonly SandboxLicense[],
): WrongPurchase[] {
  return expected.map((purchase) => {
    const found = licenses.filter((license) => names(license, purchase));
    return { expected: purchase, found, problems: problemsOf(purchase, found) };
  }).filter(({ problems }) => problems.length > 0);
}

/** Licenses of no purchase, and users too many, missing or doubled. */
export function strayProblems(
  expected: readonly ExpectedPurchase[],
  found: {
    licenses: readonly SandboxLicense[];
    users: readonly SandboxUser[];
    /** E-mail addresses of customers that have a user though they may have bought nothing. */
    customerEmails: readonly string[];
  },
): string[] {
  const strays = found.licenses
    .filter((license) => !expected.some((purchase) => names(license, purchase)))
    .map(({ id }) => `license ${id} belongs to no purchase`);
  const buyers = expected.filter(({ license }) => license !== null).map(({ email }) => email);
  const wanted = new Set([...buyers, ...found.customerEmails.map((one) => one.toLowerCase())]);
  const emails = found.users.map(({ email }) => email.toLowerCase());
  const missing = [...wanted].filter((email) => !emails.includes(email));
  const tooMany = emails.filter((email, at) => !wanted.has(email) || emails.indexOf(email) !== at);
  return [
    ...strays,
    ...missing.map((email) => `there is no user ${email}`),
    ...tooMany.map((email) => `there is a user ${email} too many`),
  ];
}

function names(license: SandboxLicense, { stripeIds }: ExpectedPurchase): boolean {
  return license.metadata.some(({ value }) => stripeIds.includes(value));
}

function problemsOf(
  { email, license: wanted }: ExpectedPurchase,
  found: readonly SandboxLicense[],
): string[] {
  const usable = found.filter(({ revoked }) => !revoked);
  const count = wanted === null ? 0 : 1;
  if (usable.length !== count) {
    return [`there must be ${count} usable licenses, there are ${usable.length}`];
  }
  const [license] = usable;
  if (license === undefined || wanted === null) return [];
  const facts: [name: string, is: unknown, must: unknown][] = [
    ["product", license.productId, wanted.productId],
    ["user", license.user?.email.toLowerCase(), email],
    ["suspended", license.suspended, false],
  ];
  return [
    ...facts.filter(([_name, is, must]) => is !== must)
      .map(([name, is, must]) => `${name} must be ${must}, is ${is}`),
    ...expiryProblem(license, wanted),
  ];
}

function expiryProblem(license: SandboxLicense, wanted: ExpectedLicense): string[] {
  const until = wanted.until === "template" ? templateEnd(license, wanted) : wanted.until;
  const is = license.expiresAt === null ? null : new Date(license.expiresAt);
  const isRight = until === null || is === null
    ? until === is && license.perpetual === (until === null)
    : Math.abs(is.getTime() - until.getTime()) <= hourMs;
  if (isRight) return [];
  return [`it must expire ${until?.toISOString() ?? "never"}, expires ${license.expiresAt}`];
}

/** Null: its template makes it perpetual. */
function templateEnd({ createdAt }: SandboxLicense, wanted: ExpectedLicense): Date | null {
  const id = wanted.templateId ??
    account.products.find((product) => product.id === wanted.productId)?.licenseTemplateId;
  const interval = account.licenseTemplates.find((template) => template.id === id)
    ?.subscriptionInterval;
  const length = parseInterval(interval ?? "");
  return length === null ? null : addInterval(new Date(createdAt), length);
}
