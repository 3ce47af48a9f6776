/**
 * An object while it is made. On the request path, optional members are assigned: V8 takes ten times as long for a spread that
 * follows other members (docs/decisions/0008).
 */
export type Draft<Value> = { -readonly [Member in keyof Value]: Value[Member] };
