// The token: taken by which host, and allowed what? Nothing is written: the ids are made up.

import type { Exam } from "../exam.ts";
import { failed, type Finding, ok } from "../finding.ts";
import { type Answer, said } from "../http.ts";

const hosts: Readonly<Record<string, string>> = {
  "https://api.cryptlex.com": "https://api.eu.cryptlex.com",
  "https://api.eu.cryptlex.com": "https://api.cryptlex.com",
};

const nobody = "00000000-0000-0000-0000-000000000000";

const probes = [
  { scope: "user:read", path: "/v3/users?limit=1" },
  { scope: "license:read", path: "/v3/licenses?limit=1" },
  { scope: "user:write", path: `/v3/users/${nobody}`, request: { method: "PATCH", body: {} } },
  {
    scope: "license:write",
    path: `/v3/licenses/${nobody}`,
    request: { method: "PATCH", body: {} },
  },
] as const;

export async function checkCryptlexToken(exam: Exam): Promise<Finding[]> {
  const name = "Cryptlex token";
  const first = await exam.cryptlex(probes[0].path);
  if (first.status === 401) return [await refused(exam)];
  if (first.status !== 200 && first.status !== 403) {
    return [failed(
      name,
      `${exam.settings.cryptlexWebApiBaseUrl} answers ${said(first)}`,
      "is CRYPTLEX_WEB_API_BASE_URL right? If it is, try again",
    )];
  }
  const findings = [ok(name, `taken by ${exam.settings.cryptlexWebApiBaseUrl}`)];
  for (const probe of probes) {
    const answer = await exam.cryptlex(probe.path, "request" in probe ? probe.request : {});
    findings.push(allowed(probe.scope, answer));
  }
  return findings;
}

async function refused({ settings, cryptlex }: Exam): Promise<Finding> {
  const name = "Cryptlex token";
  const here = settings.cryptlexWebApiBaseUrl;
  const there = hosts[here];
  const other = there && await cryptlex(probes[0].path, { baseUrl: there });
  if (other && (other.status === 200 || other.status === 403)) {
    return failed(
      name,
      `${here} refuses it, ${there} takes it: your account is there`,
      `supabase secrets set CRYPTLEX_WEB_API_BASE_URL=${there}`,
    );
  }
  return failed(
    name,
    `${here} refuses it with 401`,
    "make an access token in Cryptlex, Developer, Access Tokens, then: " +
      "supabase secrets set CRYPTLEX_ACCESS_TOKEN=…",
  );
}

function allowed(scope: string, answer: Answer): Finding {
  const name = `Cryptlex: ${scope}`;
  if (answer.status === 403 || answer.status === 401) {
    return failed(
      name,
      "the token lacks it",
      `make a token with ${probes.map(({ scope }) => scope).join(", ")}, then: ` +
        "supabase secrets set CRYPTLEX_ACCESS_TOKEN=…",
    );
  }
  const isUnclear = answer.status === 0 || answer.status === 429 || answer.status >= 500;
  return isUnclear
    ? failed(name, `Cryptlex answers ${said(answer)}`, "try again")
    : ok(name, "the token has it");
}
