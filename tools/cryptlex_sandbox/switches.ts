// What nobody has established about the Web API, one switch each; no behaviour of its own.
// The default is the reading that is harder on a client, so that a client passing here is safe.

type Presence = "refused" | "ignored";
type CaseRule = "sensitive" | "insensitive";

/** One reading of every open question. Statuses are HTTP statuses. */
export type SandboxSwitches = {
  /** A property the request model does not declare: 400, or dropped. */
  readonly unknownFields: Presence;
  /** A query parameter the list does not declare: 400, or no filter at all. */
  readonly unknownFilters: Presence;
  /** Rows of a page when `limit` is not sent. */
  readonly defaultLimit: number;
  /** `limit` outside 1..100: 400, or moved to the nearer bound. */
  readonly limitOutOfRange: "refused" | "clamped";
  /** `Pagination-Count`, `-Page` and `-Limit` on lists (a guide of 2017 names them). */
  readonly paginationHeaders: boolean;
  /** Must `metadata.key` and `metadata.value` match in one entry, or in any two? */
  readonly metadataPairing: "any_entries" | "same_entry";
  /** Case in the filters eq, ne, in, nin. */
  readonly filterCase: CaseRule;
  /** Case in the filters sw, ew, cn, nc. */
  readonly partialFilterCase: CaseRule;
  /** Case in `search`. */
  readonly searchCase: CaseRule;
  /** A new user or licence is missing from lists, never by id, for so long. */
  readonly listLagMs: number;

  /** Refusal of a POST whose e-mail or key is taken. PATCH declares no 409 and answers 400. */
  readonly duplicateStatus: 409 | 400;
  /** Does that refusal carry `code: "DUPLICATE_FIELD_VALUE"`? */
  readonly duplicateCode: boolean;
  /** Are `A@b.c` and `a@b.c` one e-mail address? */
  readonly emailUniqueness: CaseRule;
  /** Is a licence key unique in the account? */
  readonly uniqueKeys: boolean;
  /** A key sent by the caller against the template's `keyPattern`. */
  readonly keyPattern: "enforced" | "ignored";
  /** Refusal of a body naming an unknown product, template, user or entitlement set. */
  readonly unknownReferenceStatus: 400 | 404;
  /** A licence without a metadata key its template requires: 400, or made. */
  readonly missingRequiredMetadata: Presence;
  /** The plan's limit of users; `null` for none. */
  readonly allowedUsers: number | null;
  /** Refusal of one user more than that. */
  readonly planLimitStatus: 403 | 400 | 409;
  /** A user's role when none is sent. */
  readonly defaultRole: string;
  /** DELETE of a user with licences: 409, or the licences lose their user. */
  readonly deleteLinkedUser: "refused" | "unlinked";

  /** PATCH with `null`: leaves the field, or clears it where the schema lets it be empty. */
  readonly patchNull: "ignored" | "clears";
  /** PATCH with `""` for an id: clears it, or leaves it. */
  readonly patchEmptyId: "clears" | "ignored";
  /** PATCH with metadata: entries are written by key, or the list is replaced. */
  readonly patchMetadata: "merged" | "replaced";
  /** Does a licence's first interval count from `createdAt` or from `effectiveDate`? */
  readonly intervalStartsAt: "createdAt" | "effectiveDate";
  /** PATCH subscription: leaves `expiresAt`, or sets it to the start plus the new interval. */
  readonly subscriptionPatch: "keeps_expiry" | "moves_expiry";
  /** Renewing an expired licence counts from the old date, or from now. */
  readonly renewExpired: "from_old_date" | "from_now";
  /** Refusal of a renewal with no date or no interval: perpetual, or not activated yet. */
  readonly renewWithoutExpiry: 400 | 409;
  /** Renewing a revoked licence. */
  readonly renewRevoked: "refused" | "renews";
  /** A past `expiresAt`. Accepted by default: the harsher reading forbids every recorded event. */
  readonly pastExpiresAt: "accepted" | "refused";

  /** Body of 401 and 403. */
  readonly authRefusalBody: "empty" | "json";
  /** Body of the rate limit's 429. */
  readonly rateLimitBody: "json" | "text";
  /** Does that 429 carry `Retry-After`? */
  readonly rateLimitRetryAfter: boolean;
};

/** The readings used where a test or a demo does not choose. */
export const DEFAULT_SWITCHES: SandboxSwitches = {
  unknownFields: "refused",
  unknownFilters: "refused",
  defaultLimit: 10,
  limitOutOfRange: "refused",
  paginationHeaders: false,
  metadataPairing: "any_entries",
  filterCase: "sensitive",
  partialFilterCase: "sensitive",
  searchCase: "insensitive",
  listLagMs: 0,
  duplicateStatus: 409,
  duplicateCode: true,
  emailUniqueness: "insensitive",
  uniqueKeys: true,
  keyPattern: "enforced",
  unknownReferenceStatus: 400,
  missingRequiredMetadata: "refused",
  allowedUsers: null,
  planLimitStatus: 403,
  defaultRole: "user",
  deleteLinkedUser: "refused",
  patchNull: "ignored",
  patchEmptyId: "clears",
  patchMetadata: "merged",
  intervalStartsAt: "createdAt",
  subscriptionPatch: "keeps_expiry",
  renewExpired: "from_old_date",
  renewWithoutExpiry: 400,
  renewRevoked: "refused",
  pastExpiresAt: "accepted",
  authRefusalBody: "empty",
  rateLimitBody: "json",
  rateLimitRetryAfter: true,
};
