// What PostgreSQL really did for each statement, those inside functions too, as auto_explain tells it.

import postgres from "postgres";

/** A node of a plan that reads a table: how, and how many rows it looked at. */
export type Scan = {
  readonly how: string;
  readonly table: string;
  readonly index: string | null;
  readonly rows: number;
  readonly statement: string;
};

type PlanNode = {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Name"?: string;
  readonly "Actual Rows": number;
  readonly "Actual Loops": number;
  readonly "Rows Removed by Filter"?: number;
  readonly "Rows Removed by Index Recheck"?: number;
  readonly "Plans"?: readonly PlanNode[];
};

/**
 * A connection that explains what it does; `scans` gives all since it was asked last. It must be a
 * superuser's: auto_explain is for them.
 */
export async function explainingConnection(
  url: string,
): Promise<{ sql: postgres.Sql; scans(): Scan[] }> {
  let seen: Scan[] = [];
  const sql = postgres(url, {
    max: 1,
    onnotice: ({ message }) => void seen.push(...scansIn(message ?? "")),
  });
  await sql.unsafe(`
    load 'auto_explain';
    set auto_explain.log_min_duration = 0;
    set auto_explain.log_nested_statements = on;
    set auto_explain.log_analyze = on;
    set auto_explain.log_timing = off;
    set auto_explain.log_format = json;
    set auto_explain.log_level = notice;`).simple();
  return {
    sql,
    scans() {
      const since = seen;
      seen = [];
      return since;
    },
  };
}

function scansIn(message: string): Scan[] {
  const [, json] = /^duration: .* plan:\n(\{[\s\S]*\})$/.exec(message) ?? [];
  if (json === undefined) return [];
  const explained = JSON.parse(json) as { "Query Text": string; "Plan": PlanNode };
  return scansOf(explained.Plan, explained["Query Text"]);
}

function scansOf(node: PlanNode, statement: string): Scan[] {
  const below = (node.Plans ?? []).flatMap((child) => scansOf(child, statement));
  const how = node["Node Type"];
  if (!how.endsWith("Scan")) return below;
  const each = node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0) +
    (node["Rows Removed by Index Recheck"] ?? 0);
  return [{
    how,
    table: node["Relation Name"] ?? "",
    index: node["Index Name"] ?? null,
    rows: each * node["Actual Loops"],
    statement,
  }, ...below];
}
