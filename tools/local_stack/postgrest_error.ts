// Words an error as PostgREST does: which HTTP status a SQLSTATE becomes, and the JSON body.
// Source: https://docs.postgrest.org/en/stable/references/errors.html

import postgres from "postgres";

/** Longest match first within a class: a whole code, else its class of two characters, else 400. */
const STATUS: Record<string, number> = {
  "08": 503,
  "09": 500,
  "0L": 403,
  "0P": 403,
  "21": 500,
  "23503": 409,
  "23505": 409,
  "25": 500,
  "25006": 405,
  "28": 403,
  "2D": 500,
  "38": 500,
  "39": 500,
  "3B": 500,
  "40": 500,
  "42501": 403, // of an authenticated request; service_role always is one
  "42883": 404,
  "42P01": 404,
  "42P17": 500,
  "53": 503,
  "53400": 500,
  "54": 500,
  "55": 500,
  "57": 500,
  "57P01": 503,
  "58": 500,
  "F0": 500,
  "HV": 500,
  "P0": 500,
  "P0001": 400,
  "XX": 500,
};

/** The HTTP status of a SQLSTATE. `PTnnn` is a function's own choice of status. */
export function httpStatus(sqlState: string): number {
  const chosen = /^PT(?<status>[2-5]\d\d)$/.exec(sqlState)?.groups?.status;
  if (chosen !== undefined) return Number(chosen);
  return STATUS[sqlState] ?? STATUS[sqlState.slice(0, 2)] ?? 400;
}

/** What PostgREST answers when the database refused, or when there is none to ask (503). */
export function errorResponse(error: unknown): Response {
  if (error instanceof postgres.PostgresError) {
    const { code, message, detail, hint } = error;
    return jsonError(httpStatus(code), { code, message, details: detail, hint });
  }
  const details = error instanceof Error ? error.message : String(error);
  return jsonError(503, {
    code: "PGRST000",
    message: "Database connection error. Retrying the connection.",
    details,
  });
}

type ErrorFields = {
  code: string;
  message: string;
  details?: string | undefined;
  hint?: string | undefined;
};

/** An error answer with all four fields, absent ones as null. */
export function jsonError(status: number, fields: ErrorFields): Response {
  const { code, message, details = null, hint = null } = fields;
  return Response.json({ code, details, hint, message }, { status });
}
