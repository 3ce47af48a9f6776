/** Maximum number of names in a message. */
const NAMES_SHOWN = 3;

/** `a, b, c and 4 more` */
export function shortList(names: readonly string[]): string {
  const rest = names.length - NAMES_SHOWN;
  const shown = names.slice(0, NAMES_SHOWN).join(', ');
  return rest > 0 ? `${shown} and ${rest} more` : shown;
}
