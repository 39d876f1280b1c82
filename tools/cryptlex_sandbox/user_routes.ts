// The endpoints of users.

import type { SandboxUser } from "./dto.ts";
import { USER_FIELDS } from "./filter_fields.ts";
import { listPage } from "./list_page.ts";
import { Refusal } from "./refusal.ts";
import type { Route, RouteCall } from "./routes.ts";
import { USER, USER_PATCH, type UserPatch, type UserRequest } from "./user_request.ts";
import { createUser, deleteUser, patchUser } from "./users.ts";
import { validate } from "./validate.ts";

const READ = ["user:read"];
const WRITE = ["user:write"];

/** `/v3/users`. */
export const USER_ROUTES: readonly Route[] = [
  {
    method: "GET",
    path: "/v3/users",
    scopes: READ,
    handle({ account, query }) {
      const users = account.listed(account.users);
      const { records, headers } = listPage(users, query, { account, fields: USER_FIELDS });
      return { status: 200, body: records, headers };
    },
  },
  {
    method: "POST",
    path: "/v3/users",
    scopes: WRITE,
    takesBody: true,
    handle({ account, body }) {
      const request = validate<UserRequest>(body, USER, account.switches.unknownFields);
      return { status: 201, body: createUser(account, request) };
    },
  },
  {
    method: "GET",
    path: "/v3/users/{id}",
    scopes: READ,
    handle: (call) => ({ status: 200, body: userOf(call) }),
  },
  {
    method: "PATCH",
    path: "/v3/users/{id}",
    scopes: WRITE,
    takesBody: true,
    handle(call) {
      const { account, body } = call;
      const user = userOf(call);
      const patch = validate<UserPatch>(body, USER_PATCH, account.switches.unknownFields);
      return { status: 200, body: patchUser(account, user, patch) };
    },
  },
  {
    method: "DELETE",
    path: "/v3/users/{id}",
    scopes: WRITE,
    handle(call) {
      deleteUser(call.account, userOf(call));
      return { status: 204 };
    },
  },
];

function userOf({ account, id }: RouteCall): SandboxUser {
  const user = account.users.get(id);
  if (!user) throw new Refusal(404, "The user does not exist.");
  return user;
}
