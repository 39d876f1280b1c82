// Lists: filters, paging, sorting, freshness.

import assert from "node:assert/strict";
import type {
  SandboxLicense,
  SandboxSwitches,
  SandboxUser,
} from "../../../tools/cryptlex_sandbox/sandbox.ts";
import { createSandboxClient, IDS, licenseBody, userBody } from "./sandbox_client.ts";

/** Users A..C in a sandbox; asks for their company letters by query. */
function createUserList(switches: Partial<SandboxSwitches> = {}) {
  const { send, sandbox, clock } = createSandboxClient({ switches });
  const users = [
    { company: "A", email: "ann@one.example", firstName: "Ann", tags: ["x"] },
    { company: "B", email: "Bob@one.example", firstName: "Bob", role: "admin" },
    { company: "C", email: "cid+1@two.example", firstName: "Cid", tags: ["x", "y"] },
  ];
  for (const user of users) {
    sandbox.seedUser({ ...user, metadata: [{ key: "k", value: user.company }] });
    clock.at = new Date(clock.at.getTime() + 1000);
  }
  return async (query: string) => {
    const { status, body } = await send<SandboxUser[]>("GET", `/v3/users?${query}`);
    return status === 200 ? body.map(({ company }) => company).join("") : status;
  };
}

const FILTERS: readonly (readonly [query: string, found: string | number])[] = [
  ["", "ABC"],
  ["email[eq]=ann@one.example", "A"],
  ["email%5Beq%5D=ann%40one.example", "A"],
  ["email=ann@one.example", "A"],
  ["email[eq]=bob@one.example", ""],
  ["email[eq]=cid%2B1@two.example", "C"],
  ["email[ne]=ann@one.example", "BC"],
  ["email[sw]=ann", "A"],
  ["email[sw]=bob", ""],
  ["email[ew]=@two.example", "C"],
  ["email[cn]=one", "AB"],
  ["email[nc]=one", "C"],
  ["company[in]=A,C", "AC"],
  ["company[nin]=A,C", "B"],
  ["tags[eq]=x", "AC"],
  ["tags[ne]=y", "AB"],
  ["role[eq]=admin", "B"],
  ["search=bob", "B"],
  ["search=two.EXAMPLE", "C"],
  ["metadata.key[eq]=k&metadata.value[eq]=C", "C"],
  ["metadata.value=B", "B"],
  ["createdAt[gt]=2026-01-31T12:00:00Z", "BC"],
  ["createdAt[gte]=2026-01-31T12:00:00Z", "ABC"],
  ["createdAt[lt]=2026-01-31T12:00:01Z", "A"],
  ["createdAt[lte]=2026-01-31T12:00:01Z&company[ne]=A", "B"],
  ["createdAt[eq]=2026-01-31T13:00:01%2B01:00", "B"],
  ["lastSeenAt[lt]=2030-01-01T00:00:00Z", ""],
  ["activation.appVersion[eq]=1", ""],
  ["sort=-createdAt", "CBA"],
  ["sort=+email", "BAC"],
  ["sort=-role|-company", "CAB"],
  ["limit=2", "AB"],
  ["limit=2&page=2", "C"],
  ["limit=2&page=3", ""],
  ["limit=1&page=2&sort=-createdAt", "B"],
  ["limit=100", "ABC"],
  ["limit=101", 400],
  ["limit=0", 400],
  ["limit=ten", 400],
  ["page=0", 400],
  ["sort=createdAt", 400],
  ["sort=-shoeSize", 400],
  ["sort=-id|-id|-id|-id|-id|-id|-id", 400],
  ["shoeSize[eq]=9", 400],
  ["constructor=9", 400],
  ["email[like]=ann", 400],
  ["email[gt]=ann", 400],
  ["createdAt[gt]=yesterday", 400],
  [`search=${"s".repeat(257)}`, 400],
];

for (const [query, found] of FILTERS) {
  Deno.test(`users?${query.slice(0, 60)} finds ${found || "nobody"}`, async () => {
    assert.equal(await createUserList()(query), found);
  });
}

Deno.test("case in filters, unknown filters and the range of limit are switches", async () => {
  const lenient = createUserList({
    filterCase: "insensitive",
    partialFilterCase: "insensitive",
    searchCase: "sensitive",
    unknownFilters: "ignored",
    limitOutOfRange: "clamped",
    defaultLimit: 2,
  });
  assert.equal(await lenient("email[eq]=BOB@one.example"), "B");
  assert.equal(await lenient("email[cn]=BOB"), "B");
  assert.equal(await lenient("search=bob"), "");
  assert.equal(await lenient("shoeSize=9"), "AB");
  assert.equal(await lenient("limit=101"), "ABC");
  assert.equal(await lenient("limit=0"), "A");
});

Deno.test("a page has ten rows unless asked, and no pagination headers unless switched on", async () => {
  for (const paginationHeaders of [false, true]) {
    const { send, sandbox } = createSandboxClient({ switches: { paginationHeaders } });
    for (let n = 0; n < 11; n += 1) sandbox.seedUser();
    const first = await send<SandboxUser[]>("GET", "/v3/users");
    assert.equal(first.body.length, 10);
    assert.equal(first.headers.get("Pagination-Count"), paginationHeaders ? "11" : null);
    const second = await send<SandboxUser[]>("GET", "/v3/users?page=2");
    assert.deepEqual([...first.body, ...second.body], sandbox.users());
  }
});

Deno.test("metadata key and value match in any two entries, or in one by switch", async () => {
  for (const metadataPairing of ["any_entries", "same_entry"] as const) {
    const { send, sandbox } = createSandboxClient({ switches: { metadataPairing } });
    sandbox.seedLicense({ metadata: [{ key: "a", value: "1" }, { key: "b", value: "2" }] });
    const found = async (key: string, value: string) => {
      const query = `metadata.key[eq]=${key}&metadata.value[eq]=${value}`;
      return (await send<SandboxLicense[]>("GET", `/v3/licenses?${query}`)).body.length;
    };
    assert.equal(await found("a", "1"), 1);
    assert.equal(await found("a", "2"), metadataPairing === "any_entries" ? 1 : 0);
    assert.equal(await found("a", "3"), 0);
  }
});

Deno.test("licences are found by their own fields and by their user's", async () => {
  const { send, sandbox } = createSandboxClient();
  const jane = sandbox.seedUser({ email: "jane@example.com", company: "Acme" });
  const joe = sandbox.seedUser({ email: "joe@example.com" });
  sandbox.seedLicense({ notes: "A", userId: jane.id, expiresAt: "2026-01-31T11:00:00.0000000Z" });
  sandbox.seedLicense({ notes: "B", additionalUserIds: [jane.id], revoked: true, expiresAt: null });
  sandbox.seedLicense({
    notes: "C",
    userId: joe.id,
    productId: IDS.otherProduct,
    allowedActivations: 9,
    expiresAt: "2026-02-01T00:00:00.0000000Z",
  });
  const table: [query: string, found: string][] = [
    [`userId=${jane.id}`, "AB"],
    ["user.email[eq]=jane@example.com", "A"],
    ["email=joe@example.com", "C"],
    ["user.company=Acme", "A"],
    [`productId=${IDS.otherProduct}`, "C"],
    ["revoked=true", "B"],
    ["revoked=False", "AC"],
    ["perpetual=true", "B"],
    ["expired=true", "A"],
    ["expired=false", "BC"],
    ["expiringSoon=true", "C"],
    ["expiresAt[lt]=2026-02-01T00:00:00Z", "A"],
    ["allowedActivations[gte]=4", "C"],
    ["subscriptionInterval[ne]=P1Y", "C"],
    ["search=JOE@", "C"],
    ["createdAfter=2027-01-01T00:00:00Z", ""],
    ["createdBefore=2027-01-01T00:00:00Z", "ABC"],
  ];
  for (const [query, found] of table) {
    const { body } = await send<SandboxLicense[]>("GET", `/v3/licenses?${query}`);
    assert.equal(body.map(({ notes }) => notes).join(""), found, query);
  }
  const buyers = await send<SandboxUser[]>("GET", `/v3/users?productId=${IDS.otherProduct}`);
  assert.deepEqual(buyers.body, [joe]);
  for (const query of ["revoked=maybe", "allowedActivations=many", "revoked[eq]=true"]) {
    assert.equal((await send("GET", `/v3/licenses?${query}`)).status, 400, query);
  }
});

Deno.test("with a lag, a new record is found by id at once and in lists later", async () => {
  const { send, sandbox, clock } = createSandboxClient({ switches: { listLagMs: 2000 } });
  const { body: user } = await send<SandboxUser>("POST", "/v3/users", userBody());
  await send("POST", "/v3/licenses", licenseBody());
  const seen = sandbox.seedUser();
  const listed = async (path: string) => (await send<unknown[]>("GET", path)).body.length;
  assert.equal((await send("GET", `/v3/users/${user.id}`)).status, 200);
  assert.deepEqual((await send("GET", "/v3/users")).body, [seen]);
  assert.equal(await listed("/v3/licenses"), 0);
  assert.equal((await send("POST", "/v3/users", userBody())).status, 409);
  clock.at = new Date(clock.at.getTime() + 2000);
  assert.equal(await listed("/v3/users"), 2);
  assert.equal(await listed("/v3/licenses"), 1);
});
