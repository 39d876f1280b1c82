// The kinds of field the Web API's request models share. Rules and types only.

import type { ViewPermission } from "./dto.ts";
import type { FieldRules, ValueRule } from "./validate.ts";

/** The same fields, each of them optional and nullable. */
export type Nullable<T> = { readonly [K in keyof T]?: T[K] | null };

/** The rule, for a field that may be null. */
export const nullable = (rule: ValueRule): ValueRule => ({ ...rule, nullable: true });
/** A text of `min` to `max` characters. */
export const text = (min: number, max: number): ValueRule => ({ type: "string", min, max });
/** An int32 of at least `min`, or null. */
export const whole = (min: number): ValueRule =>
  nullable({ type: "integer", min, max: 2_147_483_647 });
/** One of the words. */
export const choice = (...oneOf: string[]): ValueRule => ({ type: "string", oneOf });
/** At most `max` texts, or null. */
export const texts = (max: number): ValueRule =>
  nullable({ type: "array", max, items: { type: "string" } });
/** A boolean, or null. */
export const flag: ValueRule = nullable({ type: "boolean" });
/** An id, `""` or null. */
export const id: ValueRule = nullable(text(0, 256));
/** An instant, or null. */
export const dateTime: ValueRule = nullable({ type: "string", format: "date-time" });
/** An e-mail address. */
export const email: ValueRule = { ...text(1, 256), format: "email" };

/** Who may see a metadata entry or a meter attribute. */
export const visibility: FieldRules = {
  viewPermissions: nullable({
    type: "array",
    max: 10,
    items: choice("activation", "reseller", "organization", "user"),
  }),
  visible: flag,
};

/** At most `max` metadata entries, or null (UserMetadataRequestModel, LicenseMetadataRequestModel). */
export const metadata = (max: number): ValueRule =>
  nullable({
    type: "array",
    max,
    items: {
      type: "object",
      fields: {
        key: { ...text(1, 256), required: true },
        value: { ...text(0, 4096), required: true },
        ...visibility,
      },
    },
  });

/** A metadata entry that passed. */
export type MetadataRequest = {
  readonly key: string;
  readonly value: string;
  readonly viewPermissions?: readonly ViewPermission[] | null;
  /** The deprecated spelling of the permission `activation`. */
  readonly visible?: boolean | null;
};
