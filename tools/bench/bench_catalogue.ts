// What is sold in a bench: one product, by the week, as a month may be another day than Stripe's.

export const template = { id: "template-weekly", name: "Weekly", subscriptionInterval: "P1W" };
export const product = { id: "product-app", name: "App", licenseTemplateId: template.id };
export const price = { amount: 1900, interval: "week" } as const;
