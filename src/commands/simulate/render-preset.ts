import { PLAIN, type Styles } from '../../explanation/evaluation-steps.ts';
import { parseArn } from '../../lib/arn.ts';
import type { MissingPermission, PresetReport } from './simulate-preset.ts';

/** A preset's report for people: what is missing, why, and the shipped policy that has it. */
export function renderPreset({ principal, allowed, missing }: PresetReport, styles: Styles = PLAIN): string {
  const count = allowed.length + missing.length;
  if (missing.length === 0)
    return `${styles.good('ALLOWED')} all ${count} permissions that the Personalize console needs\n  ${principal}`;
  const isUngranted = missing.some(
    ({ decision, layer, missingKeys }) =>
      decision === 'implicitDeny' && layer === 'identity' && missingKeys.length === 0,
  );
  return [
    `${styles.bad('INCOMPLETE')} ${missing.length} of the ${count} permissions that the Personalize console needs are missing`,
    `  ${principal}`,
    '',
    ...missingLines(missing, styles),
    ...(isUngranted
      ? [
          '',
          'The policy personalize-console-minimum, which is shipped in policies/, grants all of them and nothing else.',
        ]
      : []),
  ].join('\n');
}

/** An action that is missing on several types of resources for one reason is named once. */
function missingLines(missing: readonly MissingPermission[], styles: Styles): readonly string[] {
  const groups = Map.groupBy(missing, (permission) =>
    [permission.action, ...reasonLines(permission)].join('\n'),
  );
  return [...groups].flatMap(([heading, permissions]) => {
    const [action, ...reason] = heading.split('\n');
    const resources = permissions.map(({ resource }) => resource);
    const [first = '', ...more] = resources;
    const on = more.length === 0 ? first : resources.map(resourcePart).join(', ');
    return [`  ${action} on ${on}`, ...reason.map((line) => styles.faint(`    ${line}`))];
  });
}

const resourcePart = (arn: string): string => parseArn(arn)?.resource ?? arn;

function reasonLines({
  message = '',
  cause,
  determining,
  missingKeys,
}: MissingPermission): readonly string[] {
  const clause = message.slice(Math.max(message.search(/(?:because|with an explicit deny)\b/), 0));
  const places = determining.map(
    ({ policy, statement, sid, file, line }) =>
      `${file === undefined ? policy : `${file}:${line}`}, statement ${sid ?? statement + 1}`,
  );
  const keys = `policies ask for ${missingKeys.join(', ')}: --context KEY=VALUE gives it`;
  return [cause ?? [clause, ...places].join('; '), ...(missingKeys.length > 0 ? [keys] : [])];
}
