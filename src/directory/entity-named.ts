/**
 * Finds a user, group or role by name. IAM names are case-insensitive. Authorization and the response must use the
 * same lookup, or a policy on `user/bob` would not apply to a request for `BOB`.
 */
export const entityNamed = <Of extends { readonly name: string }>(
  entities: ReadonlyMap<string, Of>,
  name: string,
): Of | undefined =>
  entities.get(name) ?? [...entities.values()].find((each) => each.name.toLowerCase() === name.toLowerCase());
