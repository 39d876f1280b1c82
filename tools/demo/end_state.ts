// What is there when the story is over, and what of it is not as the story says.

import type { SandboxLicense, SandboxUser } from "../cryptlex_sandbox/sandbox.ts";
import type { DemoStack } from "./demo_stack.ts";
import { licenseProblems, licensesOf } from "./license_problems.ts";
import type { StoryLicense, StoryStep } from "./story_step.ts";

/** A row of `licensing.stripe_events`, as far as it is shown. */
export type EventRow = {
  readonly event_id: string;
  readonly event_type: string;
  readonly status: string;
  readonly outcome: string | null;
  readonly last_error: string | null;
  readonly purchase_id: string | null;
};

export type EndState = {
  readonly users: readonly SandboxUser[];
  readonly licenses: readonly SandboxLicense[];
  /** In the order they came. */
  readonly events: readonly EventRow[];
};

export async function readEndState({ sandbox, lite }: DemoStack): Promise<EndState> {
  return {
    users: sandbox.users(),
    licenses: sandbox.licenses(),
    events: await lite.query<EventRow>(
      `select event_id, event_type, status, outcome, last_error, purchase_id
       from licensing.stripe_events order by received_at, event_id`,
    ),
  };
}

/** Every difference between the story's end and this state, a sentence each. Pure. */
export function endProblems(story: readonly StoryStep[], state: EndState): string[] {
  // The last word on a purchase is what must be there.
  const purchases = new Map(story.map((step) => [step.purchaseId, step.license]));
  const sold = [...purchases.values()].filter((license) => license !== null);
  return [
    ...[...purchases].flatMap(([purchaseId, license]) =>
      purchaseProblems(purchaseId, { license, state })
    ),
    ...surplus("license", state.licenses.length, sold.length),
    ...userProblems(sold, state.users),
    ...eventProblems(story, state.events),
  ];
}

function purchaseProblems(
  purchaseId: string,
  { license, state }: { license: StoryLicense | null; state: EndState },
): string[] {
  return licenseProblems(license, licensesOf(purchaseId, state.licenses))
    .map((problem) => `purchase ${purchaseId}: ${problem}`);
}

function userProblems(sold: readonly StoryLicense[], users: readonly SandboxUser[]): string[] {
  const must = [...new Set(sold.map(({ email }) => email))].sort().join(", ");
  const are = users.map(({ email }) => email).sort().join(", ");
  return must === are ? [] : [`users must be ${must || "none"}, are ${are || "none"}`];
}

function eventProblems(story: readonly StoryStep[], rows: readonly EventRow[]): string[] {
  const steps = new Map(story.map((step) => [step.event.id, step]));
  const wrong = [...steps].flatMap(([eventId, step]) => {
    const row = rows.find(({ event_id }) => event_id === eventId);
    if (row === undefined) return [`event ${eventId} (${step.event.type}) is not recorded`];
    const must = `${step.status}, of ${step.purchaseId}`;
    const is = `${row.status}, of ${row.purchase_id}`;
    const why = row.last_error === null ? "" : ` (${row.last_error})`;
    return must === is ? [] : [`event ${eventId} must be ${must}, is ${is}${why}`];
  });
  return [...wrong, ...surplus("event", rows.length, steps.size)];
}

function surplus(what: string, are: number, must: number): string[] {
  return are > must ? [`${what}s in all must be ${must}, are ${are}`] : [];
}
