// What a thing was at any moment, through its changes. Pure; knows no Stripe.

export type History<State> = {
  /** As it was at that moment; before its beginning as it began. */
  at(moment: Date): State;
  /** As it is after the last change. */
  readonly latest: State;
  /** Changes it from `moment` on. Of two changes at one moment the one told later holds. */
  change(moment: Date, changes: Partial<State>): void;
};

export function createHistory<State extends object>(beginning: State): History<State> {
  const changes: { moment: Date; changes: Partial<State> }[] = [];

  function at(moment: Date): State {
    const past = changes.filter((one) => one.moment <= moment);
    return past.reduce((state, one) => ({ ...state, ...one.changes }), beginning);
  }

  return {
    at,
    get latest() {
      return at(changes.at(-1)?.moment ?? new Date(0));
    },
    change(moment, change) {
      const next = changes.findIndex((one) => one.moment > moment);
      changes.splice(next < 0 ? changes.length : next, 0, { moment, changes: change });
    },
  };
}
