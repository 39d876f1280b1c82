// Text that others wrote, made fit for a terminal. Pure.

/** On one line and without control characters: whatever it says, it moves no cursor. */
export function plain(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ");
}

/** Lines of at most `width`, broken between words, each behind `indent`; a longer word is left whole. */
export function wrapText(text: string, { width, indent = "" }: WrapOptions): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of plain(text).split(" ").filter((word) => word !== "")) {
    const longer = line === "" ? indent + word : `${line} ${word}`;
    if (line !== "" && longer.length > width) {
      lines.push(line);
      line = indent + word;
    } else {
      line = longer;
    }
  }
  return line === "" ? lines : [...lines, line];
}

type WrapOptions = { readonly width: number; readonly indent?: string };
