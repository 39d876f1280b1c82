// Cryptlex in memory, behind the client's own interface: no HTTP. Renews by the calendar.

import type { Cryptlex } from "../../../functions/stripe-cryptlex/cryptlex.ts";
import type { License, User } from "../../../functions/stripe-cryptlex/cryptlex_payloads.ts";
import { addInterval, parseInterval } from "../../../tools/cryptlex_sandbox/calendar_interval.ts";
import { refusal } from "./refusal.ts";

export type FakeCryptlex = Cryptlex & {
  readonly licenses: Map<string, License>;
  readonly users: Map<string, User>;
  /** The methods called, in order. */
  readonly calls: (keyof Cryptlex)[];
  /** Asked before every call; what it throws is the call's error. */
  refuse: (call: keyof Cryptlex, about: string) => void;
};

/** Templates are of `interval`; `now` is when licenses are made. */
export function createFakeCryptlex(
  { now = new Date("2026-11-02T10:00:00Z"), interval = "P1M" } = {},
): FakeCryptlex {
  const licenses = new Map<string, License>();
  const users = new Map<string, User>();
  const calls: (keyof Cryptlex)[] = [];

  function later(date: Date): Date {
    const parsed = parseInterval(interval);
    return parsed === null ? date : addInterval(date, parsed);
  }
  // Promises reject, they do not throw: the client's methods are asynchronous.
  function call<T>(name: keyof Cryptlex, about: string, answer: () => T): Promise<T> {
    calls.push(name);
    return Promise.resolve().then(() => {
      fake.refuse(name, about);
      return answer();
    });
  }
  function change(
    name: keyof Cryptlex,
    id: string,
    changed: (license: License) => Partial<License>,
  ) {
    return call(name, id, () => {
      const license = licenses.get(id);
      if (license === undefined) throw refusal(404);
      licenses.set(id, { ...license, ...changed(license) });
      return { ...license, ...changed(license) };
    });
  }

  const fake: FakeCryptlex = {
    licenses,
    users,
    calls,
    refuse: () => {},
    createUser: ({ email }) =>
      call("createUser", email, () => {
        if ([...users.values()].some((user) => user.email.toLowerCase() === email)) {
          throw refusal(409, { code: "DUPLICATE_FIELD_VALUE" });
        }
        const user = { id: `user-${users.size + 1}`, email };
        users.set(user.id, user);
        return user;
      }),
    findUsers: (filter) =>
      call(
        "findUsers",
        JSON.stringify(filter),
        () =>
          [...users.values()].filter(({ email }) =>
            "email" in filter
              ? filter.email.includes(email)
              : email.toLowerCase().includes(filter.search)
          ),
      ),
    hasUser: (id) => call("hasUser", id, () => users.has(id)),
    createLicense: (wanted) =>
      call("createLicense", wanted.productId, () => {
        const license: License = {
          id: `license-${licenses.size + 1}`,
          productId: wanted.productId,
          userId: wanted.userId,
          entitlementSetId: wanted.entitlementSetId,
          expiresAt: wanted.expiresAt ?? later(now),
          perpetual: false,
          suspended: false,
          revoked: false,
          subscriptionInterval: interval,
          createdAt: now,
          metadata: [...wanted.metadata],
        };
        licenses.set(license.id, license);
        return license;
      }),
    getLicense: (id) => change("getLicense", id, () => ({})),
    findLicenses: (values) =>
      call(
        "findLicenses",
        values.join(),
        () =>
          [...licenses.values()].filter(({ metadata }) =>
            metadata.some(({ value }) => values.includes(value))
          ),
      ),
    renewLicense: (id) =>
      change("renewLicense", id, ({ expiresAt }) => ({
        expiresAt: expiresAt === null ? null : later(expiresAt),
      })),
    setExpiresAt: (id, expiresAt) =>
      change("setExpiresAt", id, () => ({ expiresAt, perpetual: false })),
    setEntitlementSet: (id, entitlementSetId) =>
      change("setEntitlementSet", id, () => ({ entitlementSetId })),
    setRevoked: (id, revoked) => change("setRevoked", id, () => ({ revoked })),
  };
  return fake;
}
