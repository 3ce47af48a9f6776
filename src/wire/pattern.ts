/**
 * Patterns whose backtracking grows faster than the text, and what matches the same texts in one pass.
 * A test holds every pattern of every model against hostile texts.
 */
const IN_ONE_PASS: ReadonlyMap<string, string> = new Map([
  [
    'arn:([a-z\\d-]+):personalize:.*:.*:.+',
    'arn:[a-z\\d-]+:personalize:[^:\\n\\r\\u2028\\u2029]*:[^:\\n\\r\\u2028\\u2029]*:.+',
  ],
  ['^[\\x20-\\x7E]*[\\x21-\\x7E]+[\\x20-\\x7E]*$', '[\\x20-\\x7E]*[\\x21-\\x7E]\\x20*'],
]);

const compiled = new Map<string, RegExp>();

/** Whether the whole text matches a pattern of a model: Java's `matches`, on code points, with Java's escapes. */
export function matchesPattern(pattern: string, text: string): boolean {
  let regExp = compiled.get(pattern);
  if (regExp === undefined) {
    regExp = new RegExp(`^(?:${translateJava(IN_ONE_PASS.get(pattern) ?? pattern)})$`, 'u');
    compiled.set(pattern, regExp);
  }
  return regExp.test(text);
}

/** Java allows any character to be escaped; JavaScript (with `u`) only characters with a meaning. */
function translateJava(pattern: string): string {
  return pattern.replace(/\\([^\w\s])/g, (escaped, character: string) =>
    /[$()*+\-./?[\\\]^{|}]/.test(character) ? escaped : character,
  );
}
