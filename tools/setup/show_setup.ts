// What a set-up sees, will change and has changed, as lines.

import { createDoctorShow } from "../doctor/show_doctor.ts";
import type { Finding } from "../doctor/finding.ts";
import { wrapText } from "../operator/text.ts";
import { print, type Style } from "../terminal.ts";
import type { ChangeLine } from "./change_line.ts";

export type SetupShow = {
  finding(finding: Finding): void;
  /** All that is to change; `dryRun`: that would. */
  plan(lines: readonly ChangeLine[], about: { whose: string; dryRun: boolean }): void;
  /** This change, by its place among all. */
  made(line: ChangeLine, place: { number: number; of: number }): void;
  end(findings: readonly Finding[], whose: string): void;
};

export function createSetupShow(style: Style, width: number): SetupShow {
  const { finding, end } = createDoctorShow(style, width);
  return {
    finding,
    plan(lines, { whose, dryRun }) {
      print();
      if (lines.length === 0) {
        print(style.green(`Nothing to change in ${whose}`));
      } else {
        print(style.bold(`${dryRun ? "Would change" : "To change"} in ${whose}`));
      }
      for (const [index, { part, change }] of lines.entries()) {
        const [first = "", ...more] = wrapText(change, { width: width - 16 });
        print(`${String(index + 1).padStart(3)}  ${style.bold(part.padEnd(9))}  ${first}`);
        for (const line of more) print(`${" ".repeat(16)}${line}`);
      }
      print();
    },
    made({ part }, { number, of }) {
      print(`${style.green("changed")}  ${part.padEnd(24)} ${number} of ${of}`);
    },
    end,
  };
}

/** Tells nobody: what is told is told at the end, to a machine. */
export const silentShow: SetupShow = { finding() {}, plan() {}, made() {}, end() {} };
