// The demo from its start to its verdict.

import { terminalStyle } from "../terminal.ts";
import { startDemoStack } from "./demo_stack.ts";
import { endProblems, readEndState } from "./end_state.ts";
import { playStep } from "./play_step.ts";
import { createDemoShow } from "./show_demo.ts";
import { createStory } from "./story.ts";
import type { StoryStep } from "./story_step.ts";

/**
 * Plays the story and shows it. Returns whether everything is as the story says; the function's own
 * output follows when not.
 *
 * @throws {Error} a part of the stack does not start.
 */
export async function runDemo(tell: (now: Date) => StoryStep[] = createStory): Promise<boolean> {
  const show = createDemoShow(terminalStyle());
  const startedMs = performance.now();
  show.begin();
  const stack = await startDemoStack(show);
  try {
    const story = tell(new Date());
    const problems: string[] = [];
    for (const [index, step] of story.entries()) {
      const result = await playStep(step, stack);
      show.step(step, result);
      problems.push(...result.problems.map((problem) => `after ${index + 1}.: ${problem}`));
      if (result.problems.length > 0) break;
    }
    const state = await readEndState(stack);
    show.end(state);
    problems.push(...endProblems(story, state));
    show.verdict(problems, performance.now() - startedMs);
    if (problems.length === 0) return true;
    // Once it has ended all it printed is there.
    await stack.function.stop();
    show.output(stack.function.output());
    return false;
  } finally {
    await stack.stop();
  }
}
