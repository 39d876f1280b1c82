import assert from "node:assert/strict";
import fc from "fast-check";
import {
  ensureUser,
  firstName,
  UserNotListedError,
} from "../../functions/stripe-cryptlex/ensure_user.ts";
import { createFakeCryptlex } from "./builders/fake_cryptlex.ts";
import { noAnswer, refusal } from "./builders/refusal.ts";
import { userShown } from "./builders/user_shown.ts";

const ada = { email: "ada@example.com", name: "Ada", company: null };

/** A Cryptlex that has these users, and refuses a taken e-mail with `status` and `code`. */
function cryptlexWith(emails: string[], { status = 409, code = "DUPLICATE_FIELD_VALUE" } = {}) {
  const cryptlex = createFakeCryptlex();
  emails.forEach((email, i) => {
    cryptlex.users.set(`had-${i}`, userShown({ id: `had-${i}`, email }));
  });
  cryptlex.refuse = (call, about) => {
    const taken = [...cryptlex.users.values()].some(({ email }) => email.toLowerCase() === about);
    if (call === "createUser" && taken) throw refusal(status, { code });
  };
  return cryptlex;
}

Deno.test("a buyer nobody knows becomes a user, with one call", async () => {
  const cryptlex = cryptlexWith([]);
  const user = await ensureUser(cryptlex, { ...ada, email: " Ada@Example.COM " });
  assert.deepEqual(user, { userId: "user-1", wroteName: "Ada" });
  assert.equal(cryptlex.users.get("user-1")?.email, "ada@example.com");
  assert.deepEqual(cryptlex.calls, ["createUser"]);
});

Deno.test("a taken e-mail is used as it is, whatever status says that it is taken", async () => {
  for (const [status, code] of [[409, "DUPLICATE_FIELD_VALUE"], [400, ""], [422, "X"]] as const) {
    const cryptlex = cryptlexWith(["bob@example.com", "ada@example.com"], { status, code });
    assert.deepEqual(await ensureUser(cryptlex, ada), { userId: "had-1", wroteName: null });
    assert.deepEqual(cryptlex.calls, ["createUser", "findUsers"]);
  }
});

Deno.test("a user whose e-mail is spelled in another case is the buyer", async () => {
  const typed = cryptlexWith(["Ada@Example.com"]);
  const found = await ensureUser(typed, { ...ada, email: " Ada@Example.com " });
  assert.equal(found.userId, "had-0");
  assert.deepEqual(typed.calls, ["createUser", "findUsers"]);
  const other = cryptlexWith(["ADA@example.com"]);
  assert.equal((await ensureUser(other, ada)).userId, "had-0");
  assert.deepEqual(other.calls, ["createUser", "findUsers", "findUsers"]);
});

Deno.test("a user whose e-mail merely contains the buyer's is somebody else", async () => {
  const cryptlex = cryptlexWith(["nada@example.com", "ada@example.com.au"]);
  cryptlex.refuse = (call) => {
    if (call === "createUser") throw refusal(400, { message: "no good" });
  };
  await assert.rejects(ensureUser(cryptlex, ada), /no good/);
});

Deno.test("a taken e-mail that is not listed yet is to be tried again", async () => {
  for (const [status, code] of [[409, ""], [400, "DUPLICATE_FIELD_VALUE"]] as const) {
    const cryptlex = cryptlexWith([]);
    cryptlex.refuse = (call) => {
      if (call === "createUser") throw refusal(status, { code });
    };
    await assert.rejects(ensureUser(cryptlex, ada), (error) => {
      assert.ok(error instanceof UserNotListedError);
      assert.equal(error.retryable, true);
      assert.doesNotMatch(error.message, /ada/);
      return true;
    });
  }
});

Deno.test("no answer, a refused token or a rate limit is not taken for a taken e-mail", async () => {
  for (const error of [noAnswer(), refusal(401), refusal(403), refusal(429)]) {
    const cryptlex = cryptlexWith(["ada@example.com"]);
    cryptlex.refuse = () => {
      throw error;
    };
    await assert.rejects(ensureUser(cryptlex, ada), (thrown) => thrown === error);
    assert.deepEqual(cryptlex.calls, ["createUser"]);
  }
});

Deno.test("the name we gave is told as it was given: cut, or the local part of the e-mail", async () => {
  const named = (name: string | null) => ensureUser(cryptlexWith([]), { ...ada, name });
  assert.equal((await named(null)).wroteName, "ada");
  assert.equal((await named("x".repeat(400))).wroteName, "x".repeat(256));
});

Deno.test("the buyer's business is the user's company, cut like a name; none is none", async () => {
  const sent: (string | null)[] = [];
  const companyOf = async (company: string | null) => {
    const cryptlex = cryptlexWith([]);
    const { createUser } = cryptlex;
    cryptlex.createUser = (user) => {
      sent.push(user.company);
      return createUser(user);
    };
    await ensureUser(cryptlex, { ...ada, company });
    return sent.at(-1);
  };
  assert.equal(await companyOf("Engines Ltd"), "Engines Ltd");
  assert.equal(await companyOf(null), null);
  assert.equal(await companyOf(`${"x".repeat(255)}🦕`), "x".repeat(255));
});

Deno.test("the first name is the buyer's whole name, trimmed", () => {
  assert.equal(firstName(" Ada Lovelace ", "a@b.c"), "Ada Lovelace");
});

Deno.test("without a name it is what stands before the @", () => {
  for (const name of [null, "", "  ", "\t\n"]) assert.equal(firstName(name, "ada@b.c"), "ada");
  assert.equal(firstName(null, "@b.c"), "@b.c");
});

Deno.test("a long name is cut to 256, and never through a character", () => {
  assert.equal(firstName("x".repeat(400), "a@b.c"), "x".repeat(256));
  assert.equal(firstName(`${"x".repeat(255)}🦕y`, "a@b.c"), "x".repeat(255));
  assert.equal(firstName(`${"x".repeat(254)}🦕y`, "a@b.c"), `${"x".repeat(254)}🦕`);
  assert.equal(firstName(null, `${"x".repeat(400)}@b.c`), "x".repeat(256));
});

Deno.test("whatever the name, Cryptlex gets 1 to 256 well-formed units of its beginning", () => {
  const name = fc.string({ unit: "grapheme", maxLength: 400, size: "max" });
  fc.assert(fc.property(fc.option(name), (name) => {
    const first = firstName(name, "ada@example.com");
    assert.ok(first.length >= 1 && first.length <= 256);
    assert.ok(first.isWellFormed());
    if (name?.trim()) assert.ok(name.trim().startsWith(first));
  }));
});
