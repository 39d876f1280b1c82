// The filter by `created` that every list of Stripe's takes. Pure.

/** Whether an object is within `created[gt]`, `[gte]`, `[lt]` and `[lte]`. */
export function isCreatedWithin(
  query: URLSearchParams,
): (object: { readonly created?: unknown }) => boolean {
  const bound = (name: string, otherwise: number) =>
    Number(query.get(`created[${name}]`) ?? otherwise);
  const gt = bound("gt", -Infinity);
  const gte = bound("gte", -Infinity);
  const lt = bound("lt", Infinity);
  const lte = bound("lte", Infinity);
  return ({ created }) => {
    const at = Number(created);
    return at > gt && at >= gte && at < lt && at <= lte;
  };
}
