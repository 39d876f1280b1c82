// The endpoints of licences. Every answer that is a licence embeds its user.

import type { SandboxLicense } from "./dto.ts";
import { LICENSE_FIELDS } from "./filter_fields.ts";
import {
  LICENSE,
  LICENSE_EXPIRES_AT,
  LICENSE_PATCH,
  LICENSE_SUBSCRIPTION,
  type LicensePatch,
  type LicenseRequest,
  type SubscriptionRequest,
} from "./license_request.ts";
import { renewLicense, setExpiresAt, setSubscription } from "./license_terms.ts";
import { createLicense, patchLicense } from "./licenses.ts";
import { listPage } from "./list_page.ts";
import { Refusal } from "./refusal.ts";
import type { Route, RouteCall, RouteReply } from "./routes.ts";
import { type FieldRules, validate } from "./validate.ts";

const READ = ["license:read"];
const WRITE = ["license:write"];

/** `/v3/licenses`. */
export const LICENSE_ROUTES: readonly Route[] = [
  {
    method: "GET",
    path: "/v3/licenses",
    scopes: READ,
    handle({ account, query }) {
      const licenses = account.listed(account.licenses);
      const { records, headers } = listPage(licenses, query, { account, fields: LICENSE_FIELDS });
      return { status: 200, body: records.map(account.withUser), headers };
    },
  },
  {
    method: "POST",
    path: "/v3/licenses",
    scopes: WRITE,
    takesBody: true,
    handle(call) {
      const license = createLicense(call.account, read<LicenseRequest>(call, LICENSE));
      return reply(call, license, 201);
    },
  },
  {
    method: "GET",
    path: "/v3/licenses/{id}",
    scopes: READ,
    handle: (call) => reply(call, licenseOf(call)),
  },
  {
    method: "PATCH",
    path: "/v3/licenses/{id}",
    scopes: WRITE,
    takesBody: true,
    handle(call) {
      const license = licenseOf(call);
      const patch = read<LicensePatch>(call, LICENSE_PATCH);
      return reply(call, patchLicense(call.account, license, patch));
    },
  },
  {
    method: "DELETE",
    path: "/v3/licenses/{id}",
    scopes: WRITE,
    handle(call) {
      call.account.removeLicense(licenseOf(call).id);
      return { status: 204 };
    },
  },
  {
    method: "POST",
    path: "/v3/licenses/{id}/renew",
    scopes: WRITE,
    handle: (call) => reply(call, renewLicense(call.account, licenseOf(call))),
  },
  {
    method: "PATCH",
    path: "/v3/licenses/{id}/expires-at",
    scopes: WRITE,
    takesBody: true,
    handle(call) {
      const license = licenseOf(call);
      const { expiresAt } = read<{ readonly expiresAt?: string | null }>(call, LICENSE_EXPIRES_AT);
      return reply(call, setExpiresAt(call.account, license, expiresAt));
    },
  },
  {
    method: "PATCH",
    path: "/v3/licenses/{id}/subscription",
    scopes: WRITE,
    takesBody: true,
    handle(call) {
      const license = licenseOf(call);
      const request = read<SubscriptionRequest>(call, LICENSE_SUBSCRIPTION);
      return reply(call, setSubscription(call.account, license, request));
    },
  },
];

function licenseOf({ account, id }: RouteCall): SandboxLicense {
  const license = account.licenses.get(id);
  if (!license) throw new Refusal(404, "The license does not exist.");
  return license;
}

function read<T extends object>({ account, body }: RouteCall, rules: FieldRules): T {
  return validate<T>(body, rules, account.switches.unknownFields);
}

function reply({ account }: RouteCall, license: SandboxLicense, status = 200): RouteReply {
  return { status, body: account.withUser(license) };
}
