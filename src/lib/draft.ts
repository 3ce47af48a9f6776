/**
 * An object while it is made. On the request path, optional members are assigned, because V8 takes several times as long for a
 * spread that follows other members.
 */
export type Draft<Value> = { -readonly [Member in keyof Value]: Value[Member] };
