// The least that could be done with a delivery, to compare with: the same packages verify it and
// insert it, through the same client and stack, and nothing more. Run as a process of its own.

import { createClient } from "@supabase/supabase-js";
import Stripe from "stripe";

const env = (name: string) => Deno.env.get(name) ?? "";
const secret = env("STRIPE_WEBHOOK_SECRET");
const { default: secretKey } = JSON.parse(env("SUPABASE_SECRET_KEYS"));
const client = createClient(env("SUPABASE_URL"), secretKey, {
  auth: { persistSession: false, autoRefreshToken: false },
});

async function receive(request: Request): Promise<Response> {
  if (request.method === "GET") return Response.json({ status: "ok" });
  const signature = request.headers.get("stripe-signature") ?? "";
  const event = await Stripe.webhooks.constructEventAsync(await request.text(), signature, secret);
  const { error } = await client.rpc("bench_insert", {
    request: JSON.stringify({ event_id: event.id, payload: event }),
  });
  return Response.json({ message: "recorded" }, { status: error === null ? 200 : 503 });
}

Deno.serve({ port: Number(env("PORT")), onListen: () => {} }, receive);
