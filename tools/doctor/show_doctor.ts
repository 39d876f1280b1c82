// The findings as lines: one each, and under what is not well its cure.

import { wrapText } from "../operator/text.ts";
import { print, type Style } from "../terminal.ts";
import { counted, type Finding } from "./finding.ts";

const width = 100;
const nameWidth = 24;

export type DoctorShow = {
  finding(finding: Finding): void;
  end(findings: readonly Finding[], whose: string): void;
};

export function createDoctorShow(style: Style): DoctorShow {
  const labels = {
    ok: style.green("ok     "),
    failed: style.red("FAILED "),
    skipped: style.dim("skipped"),
  };
  const indent = " ".repeat(9);
  return {
    finding({ name, state, found, cure }) {
      const line = `${name.padEnd(nameWidth)} ${found}`;
      const [first = "", ...more] = wrapText(found, { width: width - nameWidth - 10 });
      if (line.length + indent.length <= width) print(`${labels[state]}  ${line}`);
      else {
        print(`${labels[state]}  ${name.padEnd(nameWidth)} ${first}`);
        for (const rest of more) print(`${indent}${" ".repeat(nameWidth)} ${rest}`);
      }
      if (cure === undefined) return;
      for (const part of wrapText(`-> ${cure}`, { width, indent })) {
        print(state === "failed" ? style.bold(part) : style.dim(part));
      }
    },
    end(findings, whose) {
      const count = (state: Finding["state"]) =>
        findings.filter((finding) => finding.state === state).length;
      const failures = count("failed");
      print();
      print(
        `${failures === 0 ? style.green("All is well") : style.red(counted(failures, "failure"))}` +
          ` with ${whose}: ${count("ok")} ok, ${failures} failed, ${count("skipped")} skipped`,
      );
    },
  };
}
