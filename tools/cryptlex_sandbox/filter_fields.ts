// What the lists of users, licences and configuration can be filtered by (OpenAPI document).

import type { Account } from "./account.ts";
import type { SandboxLicense, SandboxMetadata, SandboxUser } from "./dto.ts";
import type { Operator, Scalar } from "./filter_operator.ts";
import type { FilterField, FilterFields } from "./list_filter.ts";

type Read<T> = (record: T, account: Account) => Scalar | readonly Scalar[];

const IDS: readonly Operator[] = ["eq", "ne", "in", "nin"];
const TEXTS: readonly Operator[] = [...IDS, "sw", "ew", "cn", "nc"];
const ORDERED: readonly Operator[] = ["eq", "ne", "gt", "gte", "lt", "lte"];

function field<T>(kind: Omit<FilterField<T>, "read" | "bare">, read: Read<T>): FilterField<T> {
  return {
    ...kind,
    bare: "eq",
    read(record, account) {
      const value = read(record, account);
      return typeof value === "object" && value !== null ? value : [value];
    },
  };
}
const text = <T>(read: Read<T>) => field({ type: "text", operators: TEXTS }, read);
const id = <T>(read: Read<T>) => field({ type: "text", operators: IDS }, read);
const choice = <T>(read: Read<T>) => field({ type: "text", operators: ["eq", "ne"] }, read);
const plain = <T>(read: Read<T>) => field({ type: "text", operators: [] }, read);
const flag = <T>(read: Read<T>) => field({ type: "flag", operators: [] }, read);
const date = <T>(read: Read<T>) => field({ type: "date", operators: ORDERED }, read);
const number = <T>(read: Read<T>) => field({ type: "number", operators: ORDERED }, read);
const search = <T>(read: Read<T>): FilterField<T> => ({
  ...field({ type: "search", operators: [] }, read),
  bare: "cn",
});

type Common = { readonly id: string; readonly createdAt: string; readonly updatedAt: string };
const common = <T extends Common>() => ({
  id: id<T>((record) => record.id),
  createdAt: date<T>((record) => record.createdAt),
  updatedAt: date<T>((record) => record.updatedAt),
});

type WithMetadata = Common & {
  readonly metadata: readonly SandboxMetadata[];
  readonly tags: readonly string[];
  readonly organizationId: string | null;
  readonly resellerId: string | null;
};
const owned = <T extends WithMetadata>() => ({
  ...common<T>(),
  organizationId: id<T>((record) => record.organizationId),
  "organization.name": text<T>(() => []),
  resellerId: id<T>((record) => record.resellerId),
  tags: id<T>((record) => record.tags),
  "metadata.key": { ...text<T>((r) => r.metadata.map(({ key }) => key)), paired: true },
  "metadata.value": { ...text<T>((r) => r.metadata.map(({ value }) => value)), paired: true },
});

/** Filters of `GET /v3/users`, with a deprecated spelling. */
export const USER_FIELDS: FilterFields<SandboxUser> = {
  ...owned<SandboxUser>(),
  email: text((user) => user.email),
  name: text((user) => user.name),
  company: text((user) => user.company),
  role: text((user) => user.role),
  lastSeenAt: date((user) => user.lastSeenAt),
  lastSeenBefore: { ...date((user) => user.lastSeenAt), operators: [], bare: "lt" },
  productId: plain((user, account) =>
    [...account.licenses.values()].filter(({ userId }) => userId === user.id)
      .map((license) => license.productId)
  ),
  "activation.appVersion": text(() => []),
  "activation.releaseVersion": text(() => []),
  search: search((user) => [user.name, user.email, user.company]),
};

const buyer = (license: SandboxLicense, account: Account) =>
  account.users.get(license.userId ?? "");
const expiresWithin = (date: string | null, seconds: number, now: Date) =>
  date !== null && Date.parse(date) > now.getTime() &&
  Date.parse(date) <= now.getTime() + seconds * 1000;
const own = owned<SandboxLicense>();

/** Filters of `GET /v3/licenses`, with the deprecated spellings older clients send. */
export const LICENSE_FIELDS: FilterFields<SandboxLicense> = {
  ...own,
  metadataKey: { ...own["metadata.key"], operators: [] },
  metadataValue: { ...own["metadata.value"], operators: [] },
  createdAfter: { ...own.createdAt, operators: [], bare: "gt" },
  createdBefore: { ...own.createdAt, operators: [], bare: "lt" },
  userId: plain(({ userId, additionalUserIds }) => [userId, ...additionalUserIds]),
  productId: id((license) => license.productId),
  productVersionId: id((license) => license.productVersionId),
  entitlementSetId: id((license) => license.entitlementSetId),
  "user.email": text((license, account) => buyer(license, account)?.email ?? null),
  "user.company": text((license, account) => buyer(license, account)?.company ?? null),
  email: text((license, account) => buyer(license, account)?.email ?? null),
  key: text((license) => license.key),
  notes: text((license) => license.notes),
  type: id((license) => license.type),
  revoked: flag((license) => license.revoked),
  suspended: flag((license) => license.suspended),
  perpetual: flag((license) => license.perpetual),
  userLocked: flag((license) => license.userLocked),
  allowVmActivation: flag((license) => license.allowVmActivation),
  expired: flag(({ expiresAt }, account) => expiresAt !== null && expiresAt <= account.stamp()),
  expiringSoon: flag((license, account) =>
    expiresWithin(license.expiresAt, license.expiringSoonEventOffset, account.now())
  ),
  maintenanceExpiringSoon: flag((license, account) =>
    expiresWithin(license.maintenanceExpiresAt, license.expiringSoonEventOffset, account.now())
  ),
  expirationStrategy: plain((license) => license.expirationStrategy),
  subscriptionInterval: choice((license) => license.subscriptionInterval),
  subscriptionStartTrigger: choice((license) => license.subscriptionStartTrigger),
  validity: number((license) => license.validity),
  allowedActivations: number((license) => license.allowedActivations),
  allowedDeactivations: number((license) => license.allowedDeactivations),
  totalActivations: number((license) => license.totalActivations),
  totalDeactivations: number((license) => license.totalDeactivations),
  activatedAt: date((license) => license.activatedAt),
  lastUsedAt: date((license) => license.lastUsedAt),
  expiresAt: date((license) => license.expiresAt),
  maintenanceExpiresAt: date((license) => license.maintenanceExpiresAt),
  "activation.lastSyncedAt": date(() => []),
  "activation.countryCode": id(() => []),
  search: search((license, account) => {
    const user = buyer(license, account);
    return [license.key, user?.email ?? null, user?.name ?? null];
  }),
};

/** Filters of the configuration lists. */
export const CATALOGUE_FIELDS: FilterFields<Common & { readonly name: string }> = {
  ...common<Common & { readonly name: string }>(),
  search: search((record) => record.name),
};
