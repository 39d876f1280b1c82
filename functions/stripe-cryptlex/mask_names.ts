// People's names have no business in what we write down: another system's words may repeat one. No IO.

/**
 * The text with these names, and every word of theirs, replaced by `<name>`, in any case. A single
 * letter is left: it names nobody.
 */
export function maskNames(text: string, names: readonly string[]): string {
  const words = names.flatMap((name) => [name.trim(), ...name.split(/[^\p{L}\p{M}\p{N}]+/u)])
    .filter((word) => /[^\x20-\x7e]/.test(word) || word.length > 1)
    // The whole before its words.
    .sort((a, b) => b.length - a.length);
  if (words.length === 0) return text;
  const any = words.map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join("|");
  const bound = "[\\p{L}\\p{M}\\p{N}]";
  return text.replace(new RegExp(`(?<!${bound})(?:${any})(?!${bound})`, "giu"), "<name>");
}
