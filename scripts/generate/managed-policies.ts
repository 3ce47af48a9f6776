/**
 * AWS's managed policies as one JSON object a line, sorted by name, `PolicyName` first: a reader finds the one it
 * wants by the start of its line and parses no other.
 */
export function managedPolicyLines(policies: Readonly<Record<string, object>>): string {
  return Object.keys(policies)
    .sort()
    .map((name) => `${JSON.stringify({ PolicyName: name, ...policies[name] })}\n`)
    .join('');
}
