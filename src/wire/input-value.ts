/**
 * A decoded input: structures and maps as objects without a prototype (a key may be `constructor` or `__proto__`),
 * lists as arrays, text as strings, numbers and booleans as such, timestamps as `Date`, blobs as `Uint8Array`.
 * What the request leaves out or gives as `null` is not there; what the model does not know is dropped.
 */
export type InputValue = Readonly<Record<string, unknown>>;

export const emptyObject = (): Record<string, unknown> => Object.create(null) as Record<string, unknown>;
