// A webhook endpoint as set-up sees it, what is noted on it, and what it should send. Pure.

import { handledEventTypes } from "../../functions/stripe-cryptlex/event_readers.ts";

export type Endpoint = {
  readonly id: string;
  readonly url: string;
  readonly isEnabled: boolean;
  readonly events: readonly string[];
  /** Null: the account's default. Fixed when it is made. */
  readonly apiVersion: string | null;
  readonly metadata: Readonly<Record<string, string>>;
};

/** Who made it, in its metadata. */
const makerKey = "made_by";
const maker = "stripe-cryptlex setup";

/** SHA-256 of its signing secret, in its metadata once the project has that. */
const storedKey = "stored_signing_secret_sha256";

/** What an endpoint is made with. */
export const madeBySetup: Record<string, string> = { [makerKey]: maker };

/** What is noted when the project has its signing secret. */
export function secretStored(digest: string): Record<string, string> {
  return { [storedKey]: digest };
}

export function isMadeBySetup({ metadata }: Endpoint): boolean {
  return metadata[makerKey] === maker;
}

/** Null: nobody noted it. */
export function storedDigest({ metadata }: Endpoint): string | null {
  return metadata[storedKey] ?? null;
}

/** What the function reads, and nothing else; `customers`: users are made before they buy. */
export function wantedEvents({ customers }: { customers: boolean }): string[] {
  return handledEventTypes.filter(({ isOptional }) => customers || !isOptional)
    .map(({ type }) => type);
}
