// Asks the person at the terminal. Where there is no terminal, nobody is asked.

import process from "node:process";

/** Resolves to null when the text will do, else to what is wrong with it. */
export type Check = (text: string) => Promise<string | null>;

export type Asker = {
  text(question: string, check: Check): Promise<string>;
  /** What is typed does not show. */
  secret(question: string, check: Check): Promise<string>;
  confirm(question: string): Promise<boolean>;
};

/** Null: nobody is there. Questions are put on standard error: the output stays clean. */
export async function terminalAsker(): Promise<Asker | null> {
  if (!Deno.stdin.isTerminal() || !Deno.stderr.isTerminal()) return null;
  const [{ default: input }, { default: password }, { default: confirm }] = await Promise.all([
    import("@inquirer/input"),
    import("@inquirer/password"),
    import("@inquirer/confirm"),
  ]);
  const where = { output: process.stderr };
  const validated = (check: Check) => async (text: string) => await check(text.trim()) ?? true;
  return {
    text: (message, check) =>
      answered(input({ message, validate: validated(check) }, where)).then(trim),
    secret: (message, check) =>
      answered(password({ message, mask: false, validate: validated(check) }, where)).then(trim),
    confirm: (message) => answered(confirm({ message, default: true }, where)),
  };
}

function trim(text: string): string {
  return text.trim();
}

async function answered<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && error.name === "ExitPromptError") {
      throw new Error("Stopped", { cause: error });
    }
    throw error;
  }
}
