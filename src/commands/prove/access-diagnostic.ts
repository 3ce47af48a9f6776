import { didYouMean } from '../../lib/nearest.ts';
import { matchesPattern, parsePattern } from '../../lib/wildcard.ts';
import { iamActions } from '../../model/iam-actions.ts';
import { actionDiagnostic } from '../../policy/action-pattern.ts';
import { resourceDiagnostic } from '../../policy/resource-pattern.ts';
import type { Access } from '../../proof/never-granted.ts';

/** Why a proof that some access is never granted would be about nothing: a misspelled action, or no resource at all. */
export function accessDiagnostic({ actions, resources }: Access): string | undefined {
  for (const text of actions) {
    const diagnostic = actionDiagnostic(text) ?? unknownAction(text);
    if (diagnostic !== undefined) return diagnostic;
  }
  return resources.map(resourceDiagnostic).find((diagnostic) => diagnostic !== undefined);
}

/** The pattern of an action that AWS has none of. */
function unknownAction(text: string): string | undefined {
  const reference = iamActions();
  const [service = '', name = '*'] = text.toLowerCase().split(':');
  const wanted = parsePattern(name);
  const services = service === '*' ? reference.services : [service];
  for (const each of services)
    for (const known of reference.actionsOf(each) ?? [])
      if (matchesPattern(wanted, known.toLowerCase())) return undefined;
  if (text === '*') return undefined;
  const names = reference.actionsOf(service);
  return `AWS has no action "${text}"${names ? didYouMean(name, names) : didYouMean(service, reference.services)}`;
}
