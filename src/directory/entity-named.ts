/**
 * The user, group or role that a name means. To IAM, names that differ only in case are one: what is authorized and what is
 * answered must be found in the same way, or a policy on `user/bob` would say nothing to who asks for `BOB`.
 */
export const entityNamed = <Of extends { readonly name: string }>(
  entities: ReadonlyMap<string, Of>,
  name: string,
): Of | undefined =>
  entities.get(name) ?? [...entities.values()].find((each) => each.name.toLowerCase() === name.toLowerCase());
