// What is wrong with a project's settings, for people who run a tool on their own machine. Pure.

/** There the platform gives these to nobody: where they are found is said instead. */
const cures: readonly (readonly [start: string, problem: string])[] = [
  ["SUPABASE_URL is not set", "SUPABASE_URL is not set (https://<project>.supabase.co)"],
  [
    "SUPABASE_SECRET_KEYS is not set",
    "SUPABASE_SERVICE_ROLE_KEY is not set (the project's secret key, sb_secret_…: Supabase's " +
    "dashboard, Project Settings, API Keys)",
  ],
];

/** The function's own problems, with what a person can do about them here. */
export function problemsHere(problems: readonly string[]): string[] {
  return problems.map((problem) =>
    cures.find(([start]) => problem.startsWith(start))?.[1] ?? problem
  );
}

/** What says that a project is meant. */
export const nameProject =
  "for a project, set SUPABASE_URL and SUPABASE_SERVICE_ROLE_KEY=sb_secret_…";
