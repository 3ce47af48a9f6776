/** A value that is there, or will be. */
export type MaybePromise<Value> = Value | Promise<Value>;

/** Goes on with a value: at once where it is there. A promise for what is not waited for costs more than most stages. */
export const proceed = <Value, Next>(
  value: MaybePromise<Value>,
  next: (value: Value) => MaybePromise<Next>,
): MaybePromise<Next> => (value instanceof Promise ? value.then(next) : next(value));
