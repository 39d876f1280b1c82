// Delivers one event of the story as Stripe would and watches what comes of it.

import { deliver } from "../stripe_sandbox/sign.ts";
import type { DemoStack } from "./demo_stack.ts";
import { licenseProblems, licensesOf } from "./license_problems.ts";
import type { StoryStep } from "./story_step.ts";

/** What came of a step. Times in milliseconds from the sending. */
export type StepResult = {
  readonly answeredMs: number;
  /** Null: it was right before, or never got right. */
  readonly rightMs: number | null;
  /** `POST /v3/users`; ids left out. */
  readonly calls: readonly string[];
  /** What is not as the story says. */
  readonly problems: readonly string[];
};

/** An event that is not done by then is a problem, milliseconds. */
const patienceMs = 15_000;

export async function playStep(step: StoryStep, stack: DemoStack): Promise<StepResult> {
  const wrong = () =>
    licenseProblems(step.license, licensesOf(step.purchaseId, stack.sandbox.licenses()));
  const wasRight = wrong().length === 0;
  stack.sandbox.forgetCalls();

  let sentMs = performance.now();
  const sinceSent = () => performance.now() - sentMs;
  const answering = deliver(`${stack.function.url}/stripe-cryptlex`, step.event, {
    secret: stack.webhookSecret,
    fetch: (url, init) => {
      sentMs = performance.now();
      return fetch(url, init);
    },
  }).then(async (response) => {
    const answered = { status: response.status, ms: sinceSent() };
    await response.body?.cancel();
    return answered;
  });
  // Watched from the start: the license may be right before the answer has come back.
  while (wrong().length > 0 && sinceSent() < patienceMs) await pause(1);
  const rightMs = wasRight || wrong().length > 0 ? null : sinceSent();
  const answer = await answering;
  while (await isPending(step, stack) && sinceSent() < patienceMs) await pause(5);

  const calls = stack.sandbox.calls()
    .map(({ method, path }) => `${method} ${path.replace(/\/[0-9a-f-]{36}(?=\/|$)/g, "/{id}")}`);
  const problems = wrong();
  if (answer.status !== 200) problems.push(`it was answered ${answer.status}`);
  if (calls.length !== step.calls) {
    problems.push(`calls to Cryptlex must be ${step.calls}, were ${calls.length}`);
  }
  return { answeredMs: answer.ms, rightMs, calls, problems };
}

async function isPending({ event }: StoryStep, { lite }: DemoStack): Promise<boolean> {
  const rows = await lite.query<{ status: string }>(
    "select status from licensing.stripe_events where event_id = $1",
    [event.id],
  );
  return rows[0]?.status === "pending";
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
