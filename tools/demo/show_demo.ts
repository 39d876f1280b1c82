// The demo's words on the terminal, within 100 columns.

import { alignColumns } from "../table.ts";
import { duration, print, type Style } from "../terminal.ts";
import type { StartProgress } from "./demo_stack.ts";
import type { EndState } from "./end_state.ts";
import type { StepResult } from "./play_step.ts";
import { app, appForever } from "../sample_account.ts";
import type { StoryStep } from "./story.ts";

/** Prints what the demo has to tell, in its order. */
export type DemoShow = StartProgress & {
  begin(): void;
  step(step: StoryStep, result: StepResult): void;
  end(state: EndState): void;
  verdict(problems: readonly string[], ms: number): void;
  /** What the function printed. */
  output(text: string): void;
};

const productNames = new Map([app, appForever].map(({ id, name }) => [id, name]));

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
      print(
        `  ${steps}. ${step.title.padEnd(46)}${answered.padEnd(20)}  ${comeOf(step, result)}`,
      );
      print(style.dim(`     ${step.event.type}: ${asked}`));
    },
    end(state) {
      heading("Licenses in Cryptlex");
      const rows = state.licenses.map((license) => [
        license.user?.email ?? "",
        productNames.get(license.productId) ?? license.productId,
        license.perpetual ? "never expires" : `until ${(license.expiresAt ?? "").slice(0, 10)}`,
        license.metadata.find(({ value }) => /^(sub|pi|cs)_/.test(value))?.value ?? "",
      ]);
      print(indented(alignColumns([["user", "product", "expires", "Stripe purchase"], ...rows])));
      heading("licensing.stripe_events, as in the table viewer");
      const events = state.events.map((event) => [
        event.event_type,
        event.status,
        event.purchase_id ?? "",
      ]);
      const [head, ...lines] = alignColumns([["event_type", "status", "purchase_id"], ...events]);
      print(indented([head ?? ""]));
      state.events.forEach(({ outcome, last_error }, index) => {
        print(`  ${lines[index]}`);
        print(style.dim(`    ${outcome ?? last_error ?? ""}`));
      });
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

  function indented(lines: readonly string[]): string {
    const [head = "", ...rest] = lines;
    return [style.dim(`  ${head}`), ...rest.map((line) => `  ${line}`)].join("\n");
  }

  function comeOf(step: StoryStep, result: StepResult): string {
    if (result.problems.length > 0) return style.red("not right");
    if (result.rightMs !== null) {
      return style.green(`license right in ${duration(result.rightMs)}`);
    }
    return step.license === null ? "no license yet" : "already right";
  }
}
