// The demo of a story whose first sale claims to cost one call less than it does. Run as a process.

import { runDemo } from "../../../tools/demo/run_demo.ts";
import { createStory } from "../../../tools/demo/story.ts";

const isTrue = await runDemo((now) =>
  createStory(now).map((step) => ({ ...step, calls: Math.min(step.calls, 1) }))
);
Deno.exit(isTrue ? 0 : 1);
