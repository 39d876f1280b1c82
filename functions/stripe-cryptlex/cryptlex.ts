// The Cryptlex Web API, as much of it as is needed. One method a call; retries and decides nothing.
// Absolute writes are named set…; createLicense and renewLicense must never be repeated blindly, and
// no write that is out may be overtaken by a newer one.

import { CryptlexAnsweredError } from "./cryptlex_errors.ts";
import { type CallWatcher, createCaller } from "./cryptlex_caller.ts";
import type { CryptlexConnection, CryptlexRequest } from "./cryptlex_request.ts";
import {
  type License,
  license,
  type NewLicense,
  type NewUser,
  type User,
  user,
} from "./cryptlex_payloads.ts";
import type { WantedFields } from "./license_fields.ts";

/** The calls there are; see `createCryptlex`. */
export type Cryptlex = {
  createUser(user: NewUser): Promise<User>;
  /** Null only when Cryptlex says that there is none with this id. */
  getUser(userId: string): Promise<User | null>;
  setFirstName(userId: string, firstName: string): Promise<User>;
  findUsers(filter: { email: readonly string[] } | { search: string }): Promise<User[]>;
  createLicense(license: NewLicense): Promise<License>;
  getLicense(licenseId: string): Promise<License>;
  /** Every license that has one of the values in any metadata entry: check the entry yourself. */
  findLicenses(metadataValues: readonly string[]): Promise<License[]>;
  renewLicense(licenseId: string): Promise<License>;
  setExpiresAt(licenseId: string, expiresAt: Date): Promise<License>;
  setInterval(licenseId: string, interval: string): Promise<License>;
  setFields(licenseId: string, fields: WantedFields): Promise<License>;
};

/**
 * A client whose every method rejects with `CryptlexAnsweredError` or `CryptlexUnansweredError`.
 * Paths and fields: the Web API's OpenAPI document, version 3.
 */
export function createCryptlex(connection: CryptlexConnection, watcher: CallWatcher): Cryptlex {
  const { call, list } = createCaller(connection, watcher);

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

  const onUser = (
    action: string,
    userId: string,
    request: Pick<CryptlexRequest, "method" | "body">,
  ) => {
    const path = `/v3/users/${encodeURIComponent(userId)}`;
    return call(action, { ...request, template: "/v3/users/{id}", path }, user);
  };

  return {
    createUser: ({ email, firstName, company }) =>
      call("create_user", {
        method: "POST",
        template: "/v3/users",
        path: "/v3/users",
        // The buyer never sees this password: the portal's "forgot password" sets one.
        body: {
          email,
          firstName,
          ...(company === null ? {} : { company }),
          password: crypto.randomUUID(),
          role: "user",
        },
      }, user),
    async getUser(userId) {
      try {
        return await onUser("get_user", userId, { method: "GET" });
      } catch (error) {
        if (error instanceof CryptlexAnsweredError && error.status === 404) return null;
        throw error;
      }
    },
    setFirstName: (userId, firstName) =>
      onUser("update_user", userId, { method: "PATCH", body: { firstName } }),
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
          ...wanted.counts,
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
    setInterval: (id, interval) =>
      onLicense("set_interval", id, {
        method: "PATCH",
        suffix: "/subscription",
        once: true,
        body: { subscriptionInterval: interval },
      }),
    setFields: (id, fields) =>
      onLicense(fieldsAction(fields), id, { method: "PATCH", once: true, body: fields }),
  };
}

/** A filter in the API's deepObject style, its values separated by commas when there are several. */
function oneOf(field: string, values: readonly string[]): string {
  const operator = values.length === 1 ? "eq" : "in";
  return `${field}[${operator}]=${encodeURIComponent(values.join(","))}`;
}

/** What the audit trail calls a change of these fields: a flag is what people look for. */
function fieldsAction({ revoked, suspended }: WantedFields): string {
  if (revoked !== undefined) return revoked ? "revoke_license" : "unrevoke_license";
  if (suspended !== undefined) return suspended ? "suspend_license" : "unsuspend_license";
  return "update_license";
}
