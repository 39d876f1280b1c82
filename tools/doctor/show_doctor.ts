// The findings as lines: one each, and under what is not well its cure.

import { wrapText } from "../operator/text.ts";
import { print, type Style } from "../terminal.ts";
import { counted, type Finding } from "./finding.ts";

const nameWidth = 24;

export type DoctorShow = {
  finding(finding: Finding): void;
  end(findings: readonly Finding[], whose: string): void;
};

export function createDoctorShow(style: Style, width: number): DoctorShow {
  const labels = {
    ok: style.green("ok     "),
    failed: style.red("FAILED "),
    skipped: style.dim("skipped"),
  };
  return {
    finding(finding) {
      const { state } = finding;
      const paint = state === "failed" ? style.bold : style.dim;
      for (const line of findingLines(finding, { label: labels[state], paint, width })) print(line);
    },
    end(findings, whose) {
      const count = (state: Finding["state"]) =>
        findings.filter((finding) => finding.state === state).length;
      const failures = count("failed");
      const verdict = failures === 0 ? "All is well" : counted(failures, "failure");
      const paint = failures === 0 ? style.green : style.red;
      const counts = `${count("ok")} ok, ${failures} failed, ${count("skipped")} skipped`;
      print();
      for (const line of wrapText(`${verdict} with ${whose}: ${counts}`, { width })) {
        print(line.startsWith(verdict) ? line.replace(verdict, paint) : line);
      }
    },
  };
}

/** What was found, its label of seven columns before it and its cure, painted, under it. */
export function findingLines(
  { name, found, cure }: Pick<Finding, "name" | "found" | "cure">,
  { label, paint, width }: { label: string; paint: (text: string) => string; width: number },
): string[] {
  const indent = " ".repeat(9);
  const line = `${name.padEnd(nameWidth)} ${found}`;
  const [first = "", ...more] = wrapText(found, { width: width - nameWidth - 10 });
  const fits = line.length + indent.length <= width;
  return [
    `${label}  ${fits ? line : `${name.padEnd(nameWidth)} ${first}`}`,
    ...(fits ? [] : more.map((rest) => `${indent}${" ".repeat(nameWidth)} ${rest}`)),
    ...(cure === undefined ? [] : wrapText(`-> ${cure}`, { width, indent }).map(paint)),
  ];
}
