// The Cryptlex Web API, as much of it as is needed. One method a call; retries and decides nothing.
// Absolute writes are named set…; createLicense and renewLicense must never be repeated blindly, and
// no write that is out may be overtaken by a newer one.

import { errorMessage } from "./log.ts";
import { z } from "zod";
import { CryptlexAnsweredError } from "./cryptlex_errors.ts";
import {
  type Answer,
  type CryptlexConnection,
  type CryptlexRequest,
  requestCryptlex,
} from "./cryptlex_request.ts";
import { type License, license, type NewLicense, type User, user } from "./cryptlex_payloads.ts";

/** One call made, for the audit trail. `status` null: it was never answered. */
export type CallRecord = {
  readonly action: string;
  readonly licenseId: string | null;
  readonly status: number | null;
  readonly ms: number;
  readonly error: string | null;
};

/** The calls there are; see `createCryptlex`. */
export type Cryptlex = {
  createUser(user: { email: string; firstName: string }): Promise<User>;
  /** False only when Cryptlex says that there is none with this id. */
  hasUser(userId: string): Promise<boolean>;
  findUsers(filter: { email: readonly string[] } | { search: string }): Promise<User[]>;
  createLicense(license: NewLicense): Promise<License>;
  getLicense(licenseId: string): Promise<License>;
  /** Every license that has one of the values in any metadata entry: check the entry yourself. */
  findLicenses(metadataValues: readonly string[]): Promise<License[]>;
  renewLicense(licenseId: string): Promise<License>;
  setExpiresAt(licenseId: string, expiresAt: Date): Promise<License>;
  setEntitlementSet(licenseId: string, entitlementSetId: string): Promise<License>;
  setRevoked(licenseId: string, revoked: boolean): Promise<License>;
};

/** Called around every request: `before` may refuse it by throwing. */
export type CallWatcher = {
  before(): void;
  after(record: CallRecord): void;
};

const pageSize = 100;

/**
 * A client whose every method rejects with `CryptlexAnsweredError` or `CryptlexUnansweredError`.
 * Paths and fields: the Web API's OpenAPI document, version 3.
 */
export function createCryptlex(connection: CryptlexConnection, watcher: CallWatcher): Cryptlex {
  async function call<T extends z.ZodType>(
    action: string,
    request: CryptlexRequest & { readonly licenseId?: string },
    schema: T,
  ): Promise<z.infer<T>> {
    watcher.before();
    const started = performance.now();
    const record = (status: number | null, error: string | null, licenseId: string | null = null) =>
      watcher.after({
        action,
        licenseId: licenseId ?? request.licenseId ?? null,
        status,
        ms: Math.round(performance.now() - started),
        error,
      });
    let answer: Answer<z.infer<T>>;
    try {
      answer = await requestCryptlex(connection, request, schema);
    } catch (error) {
      const status = error instanceof Error && "status" in error ? Number(error.status) : null;
      record(status, errorMessage(error));
      throw error;
    }
    record(answer.status, null, licenseIdIn(answer.body));
    return answer.body;
  }

  const onLicense = (
    action: string,
    licenseId: string,
    request: Pick<CryptlexRequest, "method" | "body" | "once"> & { suffix?: string },
  ) => {
    const { suffix = "", ...sent } = request;
    const path = `/v3/licenses/${encodeURIComponent(licenseId)}${suffix}`;
    const template = `/v3/licenses/{id}${suffix}`;
    return call(action, { ...sent, template, path, licenseId }, license);
  };

  async function list<T extends z.ZodType>(
    action: string,
    { path, query }: { path: string; query: string },
    schema: T,
  ): Promise<z.infer<T>[]> {
    const all: z.infer<T>[] = [];
    // No header tells how many there are: the last page is the one that is not full.
    for (let page = 1;; page++) {
      const records = await call(action, {
        method: "GET",
        template: path,
        path: `${path}?${query}&limit=${pageSize}&page=${page}`,
      }, z.array(schema));
      all.push(...records);
      if (records.length < pageSize) return all;
    }
  }

  return {
    createUser: ({ email, firstName }) =>
      call("create_user", {
        method: "POST",
        template: "/v3/users",
        path: "/v3/users",
        // The buyer never sees this password: the portal's "forgot password" sets one.
        body: { email, firstName, password: crypto.randomUUID(), role: "user" },
      }, user),
    async hasUser(userId) {
      const path = `/v3/users/${encodeURIComponent(userId)}`;
      try {
        await call("get_user", { method: "GET", template: "/v3/users/{id}", path }, user);
        return true;
      } catch (error) {
        if (error instanceof CryptlexAnsweredError && error.status === 404) return false;
        throw error;
      }
    },
    findUsers: (filter) =>
      list("find_users", {
        path: "/v3/users",
        query: "email" in filter
          ? oneOf("email", filter.email)
          : `search=${encodeURIComponent(filter.search)}`,
      }, user),
    createLicense: (wanted) =>
      call("create_license", {
        method: "POST",
        template: "/v3/licenses",
        path: "/v3/licenses",
        once: true,
        body: {
          productId: wanted.productId,
          userId: wanted.userId,
          ...(wanted.licenseTemplateId === null
            ? {}
            : { licenseTemplateId: wanted.licenseTemplateId }),
          ...(wanted.entitlementSetId === null
            ? {}
            : { entitlementSetId: wanted.entitlementSetId }),
          ...(wanted.expiresAt === null ? {} : { expiresAt: wanted.expiresAt.toISOString() }),
          // Hidden from the portal and the application: it is between us and the vendor.
          metadata: wanted.metadata.map((entry) => ({ ...entry, viewPermissions: [] })),
        },
      }, license),
    getLicense: (id) => onLicense("get_license", id, { method: "GET" }),
    findLicenses: (values) =>
      list(
        "find_licenses",
        { path: "/v3/licenses", query: oneOf("metadata.value", values) },
        license,
      ),
    renewLicense: (id) =>
      onLicense("renew_license", id, { method: "POST", suffix: "/renew", once: true }),
    setExpiresAt: (id, expiresAt) =>
      onLicense("set_expires_at", id, {
        method: "PATCH",
        suffix: "/expires-at",
        // A second one could land after a newer date was set, and take that back.
        once: true,
        body: { expiresAt: expiresAt.toISOString() },
      }),
    setEntitlementSet: (id, entitlementSetId) =>
      onLicense("set_entitlement_set", id, {
        method: "PATCH",
        once: true,
        body: { entitlementSetId },
      }),
    setRevoked: (id, revoked) =>
      onLicense("set_revoked", id, { method: "PATCH", once: true, body: { revoked } }),
  };
}

/** A filter in the API's deepObject style, its values separated by commas when there are several. */
function oneOf(field: string, values: readonly string[]): string {
  const operator = values.length === 1 ? "eq" : "in";
  return `${field}[${operator}]=${encodeURIComponent(values.join(","))}`;
}

function licenseIdIn(body: unknown): string | null {
  return typeof body === "object" && body !== null && "productId" in body && "id" in body
    ? String(body.id)
    : null;
}
