// The one way a handler says no.

import type { SandboxSwitches } from "./switches.ts";

/** The Web API's "no": a status and the two fields of its error body (HttpErrorResponseDto). */
export class Refusal extends Error {
  override readonly name = "Refusal";

  constructor(readonly status: number, message: string, readonly code?: string) {
    super(message);
  }
}

/** The refusal of a value that must be unique; the code is the one the document shows. */
export function duplicate(status: number, message: string, switches: SandboxSwitches): Refusal {
  return new Refusal(status, message, switches.duplicateCode ? "DUPLICATE_FIELD_VALUE" : undefined);
}
