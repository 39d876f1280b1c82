import assert from "node:assert/strict";
import { httpStatus } from "../../../tools/local_stack/postgrest_error.ts";

Deno.test("a SQLSTATE becomes the status that PostgREST documents for it", () => {
  const documented: [sqlState: string, status: number][] = [
    ["08006", 503],
    ["22P02", 400],
    ["23502", 400],
    ["23503", 409],
    ["23505", 409],
    ["23514", 400],
    ["25006", 405],
    ["25P02", 500],
    ["40001", 500],
    ["40P01", 500],
    ["42501", 403],
    ["42703", 400],
    ["42883", 404],
    ["42P01", 404],
    ["53300", 503],
    ["53400", 500],
    ["57014", 500],
    ["57P01", 503],
    ["P0001", 400],
    ["P0002", 500],
    ["XX000", 500],
    ["PT402", 402],
  ];
  for (const [sqlState, status] of documented) {
    assert.equal(httpStatus(sqlState), status, sqlState);
  }
});
