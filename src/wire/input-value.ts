/**
 * A decoded input: structures and maps as objects that inherit nothing (a key may be `constructor` or `__proto__`),
 * lists as arrays, text as strings, numbers and booleans as such, timestamps as `Date`, blobs as `Uint8Array`.
 * What the request leaves out or gives as `null` is not there; what the model does not know is dropped.
 */
export type InputValue = Readonly<Record<string, unknown>>;

export const emptyObject = (): Record<string, unknown> => new Empty() as Record<string, unknown>;

/** Whether an object was made by `emptyObject`. */
export const isEmptyMade = (value: object): boolean => Object.getPrototypeOf(value) === Empty.prototype;

/**
 * Its prototype has no members and no prototype: no name is inherited, and `__proto__` is a name like others. V8 keeps
 * objects without a prototype as hash tables, which cost three times as much in time and memory.
 */
class Empty {}
Reflect.deleteProperty(Empty.prototype, 'constructor');
Object.setPrototypeOf(Empty.prototype, null);
