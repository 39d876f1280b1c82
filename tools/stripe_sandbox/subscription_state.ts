// What can change about a subscription besides its items. Pure.
import type { History } from "./history.ts";

export type SubscriptionStatus =
  | "active"
  | "canceled"
  | "incomplete"
  | "incomplete_expired"
  | "past_due"
  | "paused"
  | "trialing"
  | "unpaid";

/** Invoices go on but are not collected, while the status stays as it is. */
export type PauseCollection = {
  behavior: "keep_as_draft" | "mark_uncollectible" | "void";
  resumesAt?: Date | null;
};

export type SubscriptionState = {
  status: SubscriptionStatus;
  metadata: Record<string, string>;
  pauseCollection: PauseCollection | null;
  cancelAtPeriodEnd: boolean;
  cancelAt: Date | null;
  canceledAt: Date | null;
  endedAt: Date | null;
  trialStart: Date | null;
  trialEnd: Date | null;
};

/** A change, in the merchant's words; what is left out stays as it was. */
export type SubscriptionUpdate = {
  at: Date;
  status?: Exclude<SubscriptionStatus, "canceled">;
  /** Null ends the pause. */
  pauseCollection?: PauseCollection | null;
  /** True or, taken back, false. */
  cancelAtPeriodEnd?: boolean;
  /** Null takes it back. */
  cancelAt?: Date | null;
  /** All of it, as it is from then on. */
  metadata?: Record<string, string>;
  /** The trial's new end, which begins a new billing cycle. */
  trialEnd?: Date;
};

/** A subscription as it begins. */
export function beginningState(
  options: { metadata: Record<string, string>; startedAt: Date; trialEnd: Date | null },
): SubscriptionState {
  return {
    status: options.trialEnd ? "trialing" : "active",
    metadata: options.metadata,
    pauseCollection: null,
    cancelAtPeriodEnd: false,
    cancelAt: null,
    canceledAt: null,
    endedAt: null,
    trialStart: options.trialEnd && options.startedAt,
    trialEnd: options.trialEnd,
  };
}

/** The state with its status at that moment: a trial passes by itself. */
export function stateAt(history: History<SubscriptionState>, at: Date): SubscriptionState {
  const state = history.at(at);
  const isOver = state.status === "trialing" && state.trialEnd !== null && state.trialEnd <= at;
  return isOver ? { ...state, status: "active" } : state;
}

/** What an update changes, by Stripe's rules. */
export function updatedFields(
  state: SubscriptionState,
  { at, ...update }: SubscriptionUpdate,
): Partial<SubscriptionState> {
  const { status, cancelAtPeriodEnd, cancelAt, trialEnd } = update;
  const canceledAt = cancelAtPeriodEnd || cancelAt ? at : null;
  return {
    ...update,
    ...(cancelAtPeriodEnd === undefined ? {} : { cancelAt: null, canceledAt }),
    ...(cancelAt === undefined ? {} : { cancelAt, cancelAtPeriodEnd: false, canceledAt }),
    ...(trialEnd === undefined ? {} : {
      status: status ?? "trialing",
      trialStart: state.status === "trialing" ? state.trialStart : at,
    }),
    ...(status === "incomplete_expired" ? { endedAt: at } : {}),
  };
}
