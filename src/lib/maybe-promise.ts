/** A value, or a promise of one. */
export type MaybePromise<Value> = Value | Promise<Value>;

/** Continues with a value, synchronously unless it is a promise. A promise without need costs more than most stages. */
export const proceed = <Value, Next>(
  value: MaybePromise<Value>,
  next: (value: Value) => MaybePromise<Next>,
): MaybePromise<Next> => (value instanceof Promise ? value.then(next) : next(value));
