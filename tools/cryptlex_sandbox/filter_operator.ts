// The operators of list filters, applied to one value. Knows no record and no query.

import { Refusal } from "./refusal.ts";
import type { SandboxSwitches } from "./switches.ts";

/** `name[op]=value`: equality, parts of a text, order. */
export type Operator =
  | ("eq" | "ne" | "in" | "nin")
  | ("sw" | "ew" | "cn" | "nc")
  | ("gt" | "gte" | "lt" | "lte");

/** What a field holds; dates as the API writes them. */
export type Scalar = string | number | boolean | null;

/** How a field's values compare. */
export type ValueType = "text" | "search" | "date" | "number" | "flag";

/** A comparison: a record passes when one of its values holds, or, `negated`, when none does. */
export type Test = { holds(value: Scalar): boolean; readonly negated: boolean };

const POSITIVE: Partial<Record<Operator, Operator>> = { ne: "eq", nin: "in", nc: "cn" };

/**
 * The test `[operator]=text` asks for.
 *
 * @throws {Refusal} 400 when `text` is no value of the type.
 */
export function createTest(
  type: ValueType,
  wanted: { readonly operator: Operator; readonly text: string },
  switches: SandboxSwitches,
): Test {
  const operator = POSITIVE[wanted.operator] ?? wanted.operator;
  const texts = operator === "in" ? wanted.text.split(",") : [wanted.text];
  const sensitive = "sensitive" ===
    (type === "search"
      ? switches.searchCase
      : operator === "eq" || operator === "in"
      ? switches.filterCase
      : switches.partialFilterCase);
  const comparable = (value: Scalar) => {
    if (type === "date" && typeof value === "string") return Date.parse(value);
    return typeof value === "string" && !sensitive ? value.toLowerCase() : value;
  };
  const operands = texts.map((text) => comparable(readOperand(type, text)));
  return {
    negated: operator !== wanted.operator,
    holds: (value) => {
      const compared = comparable(value);
      return operands.some((operand) => compare(operator, compared, operand));
    },
  };
}

function readOperand(type: ValueType, text: string): Scalar {
  const refusal = new Refusal(400, `The filter value ${JSON.stringify(text)} is no ${type}.`);
  switch (type) {
    case "number":
      if (!/^-?\d+$/.test(text)) throw refusal;
      return Number(text);
    case "date":
      if (Number.isNaN(Date.parse(text))) throw refusal;
      return text;
    case "flag":
      if (!/^(true|false)$/i.test(text)) throw refusal;
      return text.toLowerCase() === "true";
    case "search":
      if (text.length > 256) throw refusal;
      return text;
    case "text":
      return text;
  }
}

function compare(operator: Operator, value: Scalar, operand: Scalar): boolean {
  if (value === null || operand === null) return false;
  switch (operator) {
    case "gt":
      return value > operand;
    case "gte":
      return value >= operand;
    case "lt":
      return value < operand;
    case "lte":
      return value <= operand;
    case "sw":
      return String(value).startsWith(String(operand));
    case "ew":
      return String(value).endsWith(String(operand));
    case "cn":
      return String(value).includes(String(operand));
    default:
      return value === operand;
  }
}
