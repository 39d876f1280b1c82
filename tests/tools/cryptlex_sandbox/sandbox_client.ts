// A sandbox with a small catalogue, a clock the test moves, and short calls. Asserts nothing.

import {
  createCryptlexSandbox,
  type CryptlexSandbox,
  type SandboxOptions,
} from "../../../tools/cryptlex_sandbox/sandbox.ts";

/** Ids of the seeded catalogue. */
export const IDS = {
  yearly: "template-yearly",
  perpetual: "template-perpetual",
  onActivation: "template-on-activation",
  product: "product-app",
  otherProduct: "product-addon",
  set: "set-pro",
  otherSet: "set-addon",
} as const;

/** An answer, its JSON already read (`undefined` for an empty body). */
export type Reply<T> = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
};

/** The sandbox, its clock and its calls. */
export type SandboxClient = {
  readonly sandbox: CryptlexSandbox;
  /** Change `at` to move time. */
  readonly clock: { at: Date };
  send<T = { message: string; code?: string }>(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<Reply<T>>;
};

/** Headers every allowed call carries. */
export const HEADERS = {
  authorization: "Bearer sandbox-access-token",
  "content-type": "application/json",
};

/** A sandbox on 31 January 2026, noon. */
export function createSandboxClient(options: SandboxOptions = {}): SandboxClient {
  const clock = { at: new Date("2026-01-31T12:00:00Z") };
  const sandbox = createCryptlexSandbox({
    now: () => clock.at,
    licenseTemplates: [
      { id: IDS.yearly, subscriptionInterval: "P1Y", allowedActivations: 3 },
      { id: IDS.perpetual, requiredMetadataKeys: ["order"] },
      {
        id: IDS.onActivation,
        subscriptionInterval: "P1M",
        subscriptionStartTrigger: "activation",
      },
    ],
    products: [
      { id: IDS.product, name: "App", licenseTemplateId: IDS.yearly },
      { id: IDS.otherProduct, licenseTemplateId: IDS.perpetual },
    ],
    entitlementSets: [
      { id: IDS.set, name: "Pro", productIds: [IDS.product] },
      { id: IDS.otherSet, productIds: [IDS.otherProduct] },
    ],
    ...options,
  });
  return {
    sandbox,
    clock,
    async send(method, path, body) {
      const response = await sandbox.fetch(`https://api.cryptlex.com${path}`, {
        method,
        headers: HEADERS,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        body: text === "" ? undefined : JSON.parse(text),
      };
    },
  };
}

/** The body of a user the API accepts. */
export function userBody(change: Record<string, unknown> = {}): Record<string, unknown> {
  return { email: "jane@example.com", firstName: "Jane", password: "long enough", ...change };
}

/** The body of a licence the API accepts. */
export function licenseBody(change: Record<string, unknown> = {}): Record<string, unknown> {
  return { productId: IDS.product, ...change };
}
