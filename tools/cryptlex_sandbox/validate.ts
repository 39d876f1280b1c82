// Checks a request body against what the OpenAPI document declares. Knows no model.

import { parseInterval } from "./calendar_interval.ts";
import { Refusal } from "./refusal.ts";

/** What a value must be. `min` and `max` bound a text's length, a number, or a list's size. */
export type ValueRule = {
  readonly type: "string" | "integer" | "boolean" | "array" | "object";
  readonly min?: number;
  readonly max?: number;
  readonly nullable?: boolean;
  readonly oneOf?: readonly string[];
  readonly format?: keyof typeof FORMATS;
  readonly items?: ValueRule;
  readonly fields?: FieldRules;
};
/** The declared properties of an object. */
export type FieldRules = Readonly<Record<string, ValueRule & { readonly required?: boolean }>>;

const FORMATS = {
  email: (text: string) => /^[^@\s]+@[^@\s]+$/.test(text),
  "date-time": isDateTime,
  duration: (text: string) => text === "" || parseInterval(text) !== null,
  version: (text: string) => /^\d+(\.\d+){1,3}$/.test(text),
} as const;

/**
 * `body` as an object with the declared properties only; `T` is the type `fields` describes.
 *
 * @throws {Refusal} 400 on the first thing the document forbids; on an undeclared property only
 * when `unknownFields` is `refused`.
 */
export function validate<T extends object>(
  body: unknown,
  fields: FieldRules,
  unknownFields: "refused" | "ignored",
): T {
  return checkObject(body, fields, { path: "body", unknownFields }) as T;
}

type Place = { readonly path: string; readonly unknownFields: "refused" | "ignored" };

function checkObject(value: unknown, fields: FieldRules, place: Place): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw refuse(place, "must be an object");
  }
  const given: Record<string, unknown> = { ...value };
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(fields, name));
  if (unknown !== undefined && place.unknownFields === "refused") {
    throw refuse(place, `has no property ${unknown}`);
  }
  const checked: Record<string, unknown> = {};
  for (const [name, rule] of Object.entries(fields)) {
    const inner = { ...place, path: place.path === "body" ? name : `${place.path}.${name}` };
    if (given[name] !== undefined) checked[name] = checkValue(given[name], rule, inner);
    else if (rule.required) throw refuse(inner, "is required");
  }
  return checked;
}

function checkValue(value: unknown, rule: ValueRule, place: Place): unknown {
  if (value === null && rule.nullable) return null;
  switch (rule.type) {
    case "boolean":
      if (typeof value !== "boolean") throw refuse(place, "must be true or false");
      return value;
    case "integer":
      if (!Number.isInteger(value)) throw refuse(place, "must be a whole number");
      checkBounds(Number(value), rule, place);
      return value;
    case "string":
      if (typeof value !== "string") throw refuse(place, "must be a string");
      checkBounds(value.length, rule, place);
      if (rule.oneOf && !rule.oneOf.includes(value)) {
        throw refuse(place, `must be one of ${rule.oneOf.join(", ")}`);
      }
      if (rule.format && !FORMATS[rule.format](value)) {
        throw refuse(place, `must have the format ${rule.format}`);
      }
      return value;
    case "array": {
      const { items } = rule;
      if (!Array.isArray(value)) throw refuse(place, "must be a list");
      checkBounds(value.length, rule, place);
      if (!items) return value;
      return value.map((item, index) =>
        checkValue(item, items, { ...place, path: `${place.path}[${index}]` })
      );
    }
    case "object":
      return checkObject(value, rule.fields ?? {}, place);
  }
}

function checkBounds(size: number, { min = -Infinity, max = Infinity }: ValueRule, place: Place) {
  if (size < min || size > max) {
    throw refuse(place, `must be between ${min} and ${max}: current value is ${size}`);
  }
}

function refuse(place: Place, rule: string): Refusal {
  return new Refusal(400, `The field ${place.path} ${rule}`);
}

function isDateTime(text: string): boolean {
  // An instant needs its offset; a day past its month's end would silently become another day.
  const match = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(text);
  if (match === null || Number.isNaN(Date.parse(text))) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return new Date(Date.UTC(year, month, 0)).getUTCDate() >= day;
}
