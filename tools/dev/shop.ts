// A shop of development: pretends a checkout, then sends its buyer to the success page, as a merchant's
// would be. Stripe's events come a little later, as they do.

import { samples } from "../send/samples.ts";
import { newOrder } from "../send/new_order.ts";
import type { SampleContext } from "../send/sample.ts";
import { readShopState, type ShopState, writeShopState } from "../send/shop_state.ts";
import { deliver } from "../stripe_sandbox/sign.ts";
import type { StripeEvent } from "../stripe_sandbox/stripe_event.ts";
import { fillSuccessPage } from "./success_page.ts";

/** What the shop needs of the rest of the stack. */
export type ShopOptions = {
  readonly port: number;
  readonly webhookUrl: string;
  /** Signs what is sent there. */
  readonly signingSecret: string;
  /** Where what was sold last is kept, for `deno task send`. */
  readonly stateFile: string;
  readonly oneTimeProductId: string | null;
  /** What Cryptlex's products are called, by id. */
  readonly products: Readonly<Record<string, string>>;
  /** How long after the payment Stripe's events come. */
  readonly newsAfterMs: number;
  /** The function is not to be reached, or refuses an event. */
  onTrouble(message: string): void;
};

export type Shop = { readonly url: string; stop(): Promise<void> };

/** The samples that are for sale, and what Stripe sends of each, in that order. */
const forSale: Readonly<Record<string, readonly string[]>> = {
  "sale": ["sale", "first-invoice"],
  "one-time": ["one-time"],
  "unpaid": ["unpaid"],
};

const checkoutPage = new URL("checkout.html", import.meta.url);
const successPage = new URL("../../examples/success.html", import.meta.url);

/** Serves the shop: `/` pretends the checkout, `/success.html` is the merchant's page. */
export function openShop(options: ShopOptions): Shop {
  const timers = new Set<ReturnType<typeof setTimeout>>();

  async function send(events: readonly StripeEvent[]): Promise<void> {
    for (const event of events) {
      const answer = await deliver(options.webhookUrl, event, { secret: options.signingSecret });
      const text = await answer.text();
      if (!answer.ok) options.onTrouble(`The shop's event was answered ${answer.status}: ${text}`);
    }
  }

  async function sell(name: string): Promise<Response> {
    const names = forSale[name];
    if (names === undefined) return new Response("not for sale", { status: 404 });
    const { events, sessionId } = await order(names, options);
    const timer = setTimeout(() => {
      timers.delete(timer);
      send(events).catch(() => options.onTrouble("The shop cannot reach the function"));
    }, options.newsAfterMs);
    timers.add(timer);
    const location = `/success.html?session_id=${sessionId}`;
    return new Response(null, { status: 303, headers: { location } });
  }

  async function answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (request.method === "POST") return await sell(pathname.slice(1));
    switch (pathname) {
      case "/":
        return page(await Deno.readTextFile(checkoutPage));
      case "/success.html":
        return page(fillSuccessPage(await Deno.readTextFile(successPage), {
          license: `${options.webhookUrl}/license`,
          contact: "support@example.com",
          products: options.products,
        }));
      default:
        return new Response("not found", { status: 404 });
    }
  }

  const server = Deno.serve(
    { hostname: "127.0.0.1", port: options.port, onListen: () => {} },
    answer,
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    async stop() {
      for (const timer of timers) clearTimeout(timer);
      await server.shutdown();
    },
  };
}

/** A new purchase: its session and the events of it, kept as the last one sold. */
async function order(
  names: readonly string[],
  { stateFile, oneTimeProductId }: ShopOptions,
): Promise<{ events: StripeEvent[]; sessionId: string }> {
  let state: ShopState = await readShopState(stateFile);
  const events: StripeEvent[] = [];
  for (const name of names) {
    const context: SampleContext = {
      state,
      newOrder: () => newOrder({ email: null, shape: "basil" }),
      oneTimeProductId,
    };
    const made = samples[name]?.make(context);
    if (made === undefined) throw new TypeError(`There is no sample ${name}`);
    state = { ...state, ...made.left, lastEvent: made.event };
    events.push(made.event as StripeEvent);
  }
  await writeShopState(stateFile, state);
  return { events, sessionId: String(events[0]?.data.object["id"]) };
}

function page(html: string): Response {
  return new Response(html, {
    headers: { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" },
  });
}
