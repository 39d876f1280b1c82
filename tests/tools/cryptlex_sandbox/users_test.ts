// Users: creation, what is refused, uniqueness, patches, deletion.

import assert from "node:assert/strict";
import type { SandboxUser } from "../../../tools/cryptlex_sandbox/sandbox.ts";
import { createSandboxClient, userBody } from "./sandbox_client.ts";

const USERS = "/v3/users";

Deno.test("a created user is answered with 201 and found by id and in the list", async () => {
  const { send, sandbox } = createSandboxClient();
  const metadata = [{ key: "stripe_customer_id", value: "cus_1", viewPermissions: [] }];
  const { status, body } = await send<SandboxUser>("POST", USERS, userBody({ metadata }));
  assert.equal(status, 201);
  assert.equal(body.name, "Jane");
  assert.equal(body.lastName, "");
  assert.equal(body.role, "user");
  assert.equal(body.createdAt, "2026-01-31T12:00:00.0000000Z");
  assert.equal("password" in body, false);
  assert.equal(body.metadata[0]?.value, "cus_1");
  assert.equal(body.metadata[0]?.visible, false);
  assert.deepEqual((await send(`GET`, `${USERS}/${body.id}`)).body, body);
  assert.deepEqual((await send("GET", USERS)).body, [body]);
  assert.deepEqual(sandbox.users(), [body]);
});

const REFUSED: readonly (readonly [what: string, change: Record<string, unknown>])[] = [
  ["no e-mail", { email: undefined }],
  ["an e-mail without @", { email: "jane" }],
  ["an e-mail with a space", { email: " jane@example.com" }],
  ["an e-mail of 257 characters", { email: `${"j".repeat(251)}@ex.co` }],
  ["no first name", { firstName: undefined }],
  ["an empty first name", { firstName: "" }],
  ["a first name that is null", { firstName: null }],
  ["a first name of 257 characters", { firstName: "j".repeat(257) }],
  ["a first name that is a number", { firstName: 7 }],
  ["a password of 7 characters", { password: "1234567" }],
  ["no password", { password: undefined }],
  ["an empty role", { role: "" }],
  ["a flag that is text", { allowCustomerPortalAccess: "true" }],
  ["six tags", { tags: ["1", "2", "3", "4", "5", "6"] }],
  ["a tag that is no text", { tags: [1] }],
  ["metadata without value", { metadata: [{ key: "k" }] }],
  ["metadata with an empty key", { metadata: [{ key: "", value: "v" }] }],
  ["a metadata value of 4097 characters", { metadata: [{ key: "k", value: "v".repeat(4097) }] }],
  ["an unknown view permission", {
    metadata: [{ key: "k", value: "v", viewPermissions: ["everybody"] }],
  }],
  ["an unknown field in metadata", { metadata: [{ key: "k", value: "v", note: "" }] }],
  ["21 metadata entries", {
    metadata: Array.from({ length: 21 }, (_, n) => ({ key: `k${n}`, value: "" })),
  }],
  ["an unknown field", { roles: ["user"] }],
];

for (const [what, change] of REFUSED) {
  Deno.test(`a user with ${what} is refused and not made`, async () => {
    const { send, sandbox } = createSandboxClient();
    const { status, body } = await send("POST", USERS, userBody(change));
    assert.equal(status, 400);
    assert.equal(typeof body.message, "string");
    assert.deepEqual(sandbox.users(), []);
  });
}

Deno.test("fields at their limits are accepted", async () => {
  const { send } = createSandboxClient();
  const change = {
    email: `${"j".repeat(250)}@ex.co`,
    firstName: "j".repeat(256),
    lastName: null,
    company: "",
    password: "12345678",
    metadata: Array.from({ length: 20 }, (_, n) => ({ key: `k${n}`, value: "v".repeat(4096) })),
  };
  assert.equal((await send("POST", USERS, userBody(change))).status, 201);
});

Deno.test("unknown fields are dropped when the switch says so", async () => {
  const { send } = createSandboxClient({ switches: { unknownFields: "ignored" } });
  const { status, body } = await send<object>("POST", USERS, userBody({ nickname: "J" }));
  assert.equal(status, 201);
  assert.equal("nickname" in body, false);
});

Deno.test("an e-mail is taken whatever its case, with the documented code", async () => {
  const { send, sandbox } = createSandboxClient();
  await send("POST", USERS, userBody());
  const { status, body } = await send("POST", USERS, userBody({ email: "JANE@example.com" }));
  assert.equal(status, 409);
  assert.deepEqual(body, {
    message: "Email address is already taken!",
    code: "DUPLICATE_FIELD_VALUE",
  });
  assert.equal(sandbox.users().length, 1);
});

Deno.test("two creations at once make one user", async () => {
  const { send, sandbox } = createSandboxClient();
  const replies = await Promise.all([1, 2, 3].map(() => send("POST", USERS, userBody())));
  assert.deepEqual(replies.map(({ status }) => status).sort(), [201, 409, 409]);
  assert.equal(sandbox.users().length, 1);
});

Deno.test("status, code and case of a duplicate e-mail are switches", async () => {
  const other = createSandboxClient({ switches: { duplicateStatus: 400, duplicateCode: false } });
  await other.send("POST", USERS, userBody());
  const refused = await other.send("POST", USERS, userBody());
  assert.equal(refused.status, 400);
  assert.equal(refused.body.code, undefined);

  const cased = createSandboxClient({ switches: { emailUniqueness: "sensitive" } });
  await cased.send("POST", USERS, userBody());
  const second = await cased.send("POST", USERS, userBody({ email: "JANE@example.com" }));
  assert.equal(second.status, 201);
});

Deno.test("the plan's limit of users is a switch, and so is its status", async () => {
  const { send } = createSandboxClient({ switches: { allowedUsers: 1, planLimitStatus: 409 } });
  await send("POST", USERS, userBody());
  assert.equal((await send("POST", USERS, userBody({ email: "b@example.com" }))).status, 409);
});

Deno.test("a patch changes what it names, and metadata by key", async () => {
  const { send, sandbox, clock } = createSandboxClient();
  const user = sandbox.seedUser({
    firstName: "Jane",
    company: "Acme",
    metadata: [{ key: "a", value: "1", viewPermissions: ["user"] }, { key: "b", value: "2" }],
  });
  clock.at = new Date("2026-02-01T00:00:00Z");
  const { status, body } = await send<SandboxUser>("PATCH", `${USERS}/${user.id}`, {
    lastName: "Doe",
    company: null,
    metadata: [{ key: "a", value: "9" }],
  });
  assert.equal(status, 200);
  assert.equal(body.name, "Jane Doe");
  assert.equal(body.company, "Acme");
  assert.equal(body.updatedAt, "2026-02-01T00:00:00.0000000Z");
  assert.deepEqual(
    body.metadata.map(({ id, key, value, viewPermissions }) => [id, key, value, viewPermissions]),
    [[user.metadata[0]?.id, "a", "9", ["user"]], [user.metadata[1]?.id, "b", "2", []]],
  );
});

Deno.test("null may clear and metadata may be replaced, by switch", async () => {
  const { send, sandbox } = createSandboxClient({
    switches: { patchNull: "clears", patchMetadata: "replaced" },
  });
  const user = sandbox.seedUser({ company: "Acme", metadata: [{ key: "a", value: "1" }] });
  const { body } = await send<SandboxUser>("PATCH", `${USERS}/${user.id}`, {
    company: null,
    firstName: null,
    metadata: [{ key: "b", value: "2" }],
  });
  assert.equal(body.company, null);
  assert.equal(body.firstName, "Seeded");
  assert.deepEqual(body.metadata.map(({ key }) => key), ["b"]);
});

Deno.test("a patch to another user's e-mail is refused with 400, to one's own accepted", async () => {
  const { send, sandbox } = createSandboxClient();
  const jane = sandbox.seedUser({ email: "jane@example.com" });
  sandbox.seedUser({ email: "joe@example.com" });
  const path = `${USERS}/${jane.id}`;
  assert.equal((await send("PATCH", path, { email: "Joe@example.com" })).status, 400);
  assert.equal((await send("PATCH", path, { email: "Jane@example.com" })).status, 200);
  assert.equal((await send("PATCH", path, { email: "new@example.com" })).status, 200);
  const freed = await send("POST", USERS, userBody({ email: "jane@example.com" }));
  assert.equal(freed.status, 201);
});

Deno.test("a user with licences is not deleted, unless the switch lets the licences go", async () => {
  for (const deleteLinkedUser of ["refused", "unlinked"] as const) {
    const { send, sandbox } = createSandboxClient({ switches: { deleteLinkedUser } });
    const user = sandbox.seedUser();
    const license = sandbox.seedLicense({ userId: user.id });
    assert.equal(license.user?.email, user.email);
    const { status } = await send("DELETE", `${USERS}/${user.id}`);
    assert.equal(status, deleteLinkedUser === "refused" ? 409 : 204);
    assert.equal(sandbox.users().length, deleteLinkedUser === "refused" ? 1 : 0);
    assert.equal(sandbox.licenses()[0]?.userId, deleteLinkedUser === "refused" ? user.id : null);
  }
});

Deno.test("an unknown user is answered with 404 by every method", async () => {
  const { send } = createSandboxClient();
  for (const method of ["GET", "PATCH", "DELETE"]) {
    const body = method === "PATCH" ? {} : undefined;
    assert.equal((await send(method, `${USERS}/nobody`, body)).status, 404, method);
  }
});
