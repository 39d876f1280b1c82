// What is sold, in Cryptlex: each product, template and entitlement set exists, and they fit.

import { z } from "zod";
import { licenseMetadata } from "../../../functions/stripe-cryptlex/license_metadata.ts";
import { nothing } from "../../../functions/stripe-cryptlex/purchase.ts";
import { type Plan, readDiagnosis, untold } from "../diagnosis.ts";
import type { Exam } from "../exam.ts";
import { counted, failed, type Finding, ok, skipped } from "../finding.ts";
import { type Answer, said } from "../http.ts";
import { checkInterval } from "./interval.ts";

const productSchema = z.object({
  name: z.string(),
  licenseTemplateId: z.string(),
  automatedEmails: z.array(z.string()).nullish(),
});

const templateSchema = z.object({
  name: z.string(),
  subscriptionInterval: z.string().nullish(),
  requiredMetadataKeys: z.array(z.string()).nullish(),
  requiredMeterAttributes: z.array(z.unknown()).nullish(),
});

const setSchema = z.object({ name: z.string(), productIds: z.array(z.string()).nullish() });

/** What a purchase may become; `by` says which row or setting says so. */
type Sold = { readonly by: string; readonly plan: Plan | null; readonly productId: string };

export async function checkCatalogue(exam: Exam): Promise<Finding[]> {
  const told = await readDiagnosis(exam);
  const plans = told?.plans ?? [];
  const { cryptlexProductId } = exam.settings;
  const sold: Sold[] = plans.map((plan) => ({
    by: plan.stripe_id,
    plan,
    productId: plan.cryptlex_product_id,
  }));
  const unused = plans.length > 0 && cryptlexProductId !== null;
  if (plans.length === 0 && cryptlexProductId !== null) {
    sold.push({ by: "CRYPTLEX_PRODUCT_ID", plan: null, productId: cryptlexProductId });
  }
  const findings = [
    told === null ? skipped("plans", untold) : ok(
      "plans",
      [
        `${plans.length} in licensing.plans`,
        ...(unused ? ["CRYPTLEX_PRODUCT_ID maps nothing beside them"] : []),
        ...(sold.length === 0 ? ["only Stripe's metadata says what is sold"] : []),
      ].join("; "),
    ),
  ];
  for (const productId of new Set(sold.map((one) => one.productId))) {
    findings.push(...await checkProduct(exam, productId));
  }
  for (const one of sold) findings.push(...await checkSold(exam, one));
  return findings;
}

async function checkProduct(exam: Exam, id: string): Promise<Finding[]> {
  const name = "Cryptlex product";
  const read = await readRecord(
    exam,
    { name, path: "products", id, scope: "product:read" },
    productSchema,
  );
  if ("finding" in read) return [read.finding];
  const { automatedEmails } = read.record;
  return [ok(name, `${id}: ${read.record.name}`), keyEmail(id, automatedEmails ?? [])];
}

/** The list holds the mails' events, or else ids or names, which do not tell their event. */
function keyEmail(productId: string, emails: readonly string[]): Finding {
  const name = "the buyer's key";
  const created = "license.created";
  const cure = `make an Automated Email for ${created} in Cryptlex and link it with the product`;
  if (emails.length === 0) {
    return failed(name, `no Automated Email of ${productId}: no buyer gets a key`, cure);
  }
  if (emails.includes(created)) return ok(name, `${productId} mails it at ${created}`);
  return emails.every((email) => /^(license|user|organization|reseller)\.[\w.-]+$/.test(email))
    ? failed(
      name,
      `no Automated Email of ${productId} is for ${created}: no buyer gets a key`,
      cure,
    )
    : ok(
      name,
      `${productId} has ${
        counted(emails.length, "Automated Email")
      }; see that one is for ${created}`,
    );
}

async function checkSold(exam: Exam, { by, plan, productId }: Sold): Promise<Finding[]> {
  const product = productSchema.safeParse(
    (await exam.cryptlex(pathOf("products", productId))).body,
  );
  const templateId = plan?.license_template_id ?? product.data?.licenseTemplateId;
  return [
    ...(templateId === undefined ? [] : await checkTemplate(exam, { by, plan, templateId })),
    ...(plan?.entitlement_set_id ? [await checkSet(exam, plan, plan.entitlement_set_id)] : []),
  ];
}

async function checkTemplate(
  exam: Exam,
  { by, plan, templateId: id }: Omit<Sold, "productId"> & { templateId: string },
): Promise<Finding[]> {
  const name = "license template";
  const scope = "licenseTemplate:read (or licensePolicy:read)";
  const read = await readRecord(
    exam,
    { name, path: "license-templates", id, scope },
    templateSchema,
  );
  if ("finding" in read) return [read.finding];
  const { requiredMetadataKeys, requiredMeterAttributes, subscriptionInterval } = read.record;
  const lacking = (requiredMetadataKeys ?? []).filter((key) => !writtenKeys.includes(key));
  const meters = (requiredMeterAttributes ?? []).length;
  const interval = subscriptionInterval || null;
  return [
    lacking.length > 0 || meters > 0
      ? failed(
        name,
        `${read.record.name} (${by}) requires what is not written: ${
          [...lacking, ...(meters > 0 ? [`${meters} meter attributes`] : [])].join(", ")
        }`,
        "take that out of the template's required fields, or choose another template",
      )
      : ok(name, `${by}: ${read.record.name}, ${interval ?? "perpetual"}`),
    ...(plan === null ? [] : await checkInterval(exam, plan.stripe_id, interval)),
  ];
}

async function checkSet(exam: Exam, plan: Plan, id: string): Promise<Finding> {
  const name = "entitlement set";
  const scope = "entitlementSet:read";
  const read = await readRecord(exam, { name, path: "entitlement-sets", id, scope }, setSchema);
  if ("finding" in read) return read.finding;
  const { productIds } = read.record;
  if (productIds && !productIds.includes(plan.cryptlex_product_id)) {
    return failed(
      name,
      `${plan.stripe_id}: ${read.record.name} is not for product ${plan.cryptlex_product_id}`,
      "let the set be used with the product in Cryptlex, or name another one in licensing.plans",
    );
  }
  return ok(name, `${plan.stripe_id}: ${read.record.name}`);
}

/** What licenses of each kind of purchase carry. */
const writtenKeys = ["sub_1", "pi_1", "cs_1", "in_1"].flatMap((id) =>
  licenseMetadata(id, { purchase: nothing, slot: "slot", itemId: null }).map(({ key }) => key)
);

type Place = { name: string; path: string; id: string; scope: string };

async function readRecord<T extends z.ZodType>(
  exam: Exam,
  { name, path, id, scope }: Place,
  schema: T,
): Promise<{ record: z.infer<T> } | { finding: Finding }> {
  const answer: Answer = await exam.cryptlex(pathOf(path, id));
  if (answer.status === 403) {
    return {
      finding: skipped(
        name,
        `the token may not read ${id}`,
        `give the token ${scope}, for this run`,
      ),
    };
  }
  if (answer.status === 404 || answer.status === 400) {
    return {
      finding: failed(
        name,
        `Cryptlex does not know ${id}`,
        "copy its id from Cryptlex into licensing.plans, or CRYPTLEX_PRODUCT_ID",
      ),
    };
  }
  const record = schema.safeParse(answer.body);
  return answer.status === 200 && record.success
    ? { record: record.data }
    : { finding: failed(name, `asked for ${id}, Cryptlex answers ${said(answer)}`, "try again") };
}

function pathOf(path: string, id: string): string {
  return `/v3/${path}/${encodeURIComponent(id)}`;
}
