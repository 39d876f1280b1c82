// Cryptlex in memory, behind the client's own interface: no HTTP. Renews by the calendar.

import type { Cryptlex } from "../../../functions/stripe-cryptlex/cryptlex.ts";
import type { License, User } from "../../../functions/stripe-cryptlex/cryptlex_payloads.ts";
import { addInterval, parseInterval } from "../../../tools/cryptlex_sandbox/calendar_interval.ts";
import { licenseFields } from "./known_license.ts";
import { refusal } from "./refusal.ts";

export type FakeCryptlex = Cryptlex & {
  readonly licenses: Map<string, License>;
  readonly users: Map<string, User>;
  /** The methods called, in order. */
  readonly calls: (keyof Cryptlex)[];
  /** Licenses that were read or written. */
  readonly touched: Set<string>;
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
  const touched = new Set<string>();

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
      touched.add(id);
      return { ...license, ...changed(license) };
    });
  }

  const fake: FakeCryptlex = {
    licenses,
    users,
    calls,
    touched,
    refuse: () => {},
    createUser: ({ email, firstName }) =>
      call("createUser", email, () => {
        if ([...users.values()].some((user) => user.email.toLowerCase() === email)) {
          throw refusal(409, { code: "DUPLICATE_FIELD_VALUE" });
        }
        const user = { id: `user-${users.size + 1}`, email, firstName, role: "user" };
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
    getUser: (id) => call("getUser", id, () => users.get(id) ?? null),
    setFirstName: (id, firstName) =>
      call("setFirstName", id, () => {
        const user = users.get(id);
        if (user === undefined) throw refusal(404);
        users.set(id, { ...user, firstName });
        return { ...user, firstName };
      }),
    createLicense: (wanted) =>
      call("createLicense", wanted.productId, () => {
        const license: License = {
          id: `license-${licenses.size + 1}`,
          productId: wanted.productId,
          userId: wanted.userId,
          fields: licenseFields({ entitlementSetId: wanted.entitlementSetId, ...wanted.counts }),
          expiresAt: wanted.expiresAt ?? later(now),
          perpetual: false,
          subscriptionInterval: interval,
          createdAt: now,
          metadata: [...wanted.metadata],
        };
        licenses.set(license.id, license);
        touched.add(license.id);
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
    setInterval: (id, subscriptionInterval) =>
      change("setInterval", id, () => ({ subscriptionInterval })),
    setFields: (id, fields) =>
      change("setFields", id, (license) => ({ fields: { ...license.fields, ...fields } })),
  };
  return fake;
}
