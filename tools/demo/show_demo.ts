// The demo's words on the terminal, within 100 columns.

import { duration, print, type Style } from "../terminal.ts";
import type { StartProgress } from "./demo_stack.ts";
import type { EndState } from "./end_state.ts";
import type { StepResult } from "./play_step.ts";
import { eventLines, licenseLines } from "./show_end.ts";
import type { StoryStep } from "./story_step.ts";

/** Prints what the demo has to tell, in its order. */
export type DemoShow = StartProgress & {
  begin(): void;
  step(step: StoryStep, result: StepResult): void;
  end(state: EndState): void;
  verdict(problems: readonly string[], ms: number): void;
  /** What the function printed. */
  output(text: string): void;
};

export function createDemoShow(style: Style): DemoShow {
  let steps = 0;
  const heading = (text: string) => print(`\n${style.bold(text)}`);

  return {
    begin() {
      print(style.bold("stripe-cryptlex: signed Stripe events in, Cryptlex licenses out"));
      print("The real function, on this machine alone; no account, nothing to configure.");
      heading("Starting");
    },
    started({ name, detail, ms }) {
      print(`  ${name.padEnd(10)}${detail.padEnd(64)}${style.dim(duration(ms).padStart(10))}`);
    },
    working(message) {
      print(`  ${style.dim(`${message} ...`)}`);
    },
    step(step, result) {
      if (steps++ === 0) heading("What happens");
      const answered = `answered in ${duration(result.answeredMs)}`;
      const asked = result.calls.length > 0 ? result.calls.join(", ") : "nothing to ask Cryptlex";
      const number = `${steps}.`.padStart(3);
      print(
        `  ${number} ${step.title.padEnd(44)}  ${answered.padEnd(20)}  ${comeOf(step, result)}`,
      );
      print(style.dim(`      ${step.event.type}: ${asked}`));
    },
    end(state) {
      heading("Licenses in Cryptlex");
      for (const line of licenseLines(state.licenses, style)) print(line);
      heading("licensing.stripe_events, as in the table viewer");
      for (const line of eventLines(state.events, style)) print(line);
    },
    verdict(problems, ms) {
      print();
      for (const problem of problems) print(style.red(`  ${problem}`));
      if (problems.length > 0) print();
      print(
        problems.length === 0
          ? style.green(`All of it is as it must be. ${duration(ms)} in all.`)
          : style.red(`${problems.length} of it not as it must be.`),
      );
    },
    output(text) {
      heading("What the function printed");
      print(text.trimEnd());
    },
  };

  function comeOf({ license }: StoryStep, { problems, rightMs }: StepResult): string {
    if (problems.length > 0) return style.red("not right");
    if (rightMs === null) return license === null ? "no license yet" : "already right";
    const is = license?.revoked ? "revoked" : license?.suspended ? "suspended" : "license right";
    return style.green(`${is} in ${duration(rightMs)}`);
  }
}
