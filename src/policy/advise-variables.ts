import { didYouMean } from '../lib/nearest.ts';
import type { ActionReference } from './action-reference.ts';
import type { Located, Policy, Statement } from './ast.ts';
import { isOneOf } from './condition-key.ts';
import type { Report } from './report.ts';
import { isTemplateText } from './template-text.ts';

/** `${key}`, `${key, 'default'}`, or an escaped `${*}`, `${?}`, `${$}`; without the brace if it is never closed. */
const VARIABLE = /\$\{(?<name>[^}',]*)(?:,\s*'[^']*'\s*)?(?<end>\}?)/g;
const ESCAPES: ReadonlySet<string> = new Set(['*', '?', '$']);
/** The start of the resource part of an ARN: variables are not replaced before it. */
const RESOURCE_PART = /^(?:[^:]*:){5}/;

/**
 * Policy variables that stay literal text, and variables that never have a value.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function adviseVariables(
  { resource, conditions }: Statement,
  version: Policy['version'],
  reference: ActionReference,
  report: Report,
): void {
  const advise = (value: Located): void => adviseText(value, version, reference, report);
  for (const pattern of resource?.patterns ?? []) {
    advise(pattern);
    if (
      version === '2012-10-17' &&
      !isTemplateText(pattern.text) &&
      RESOURCE_PART.exec(pattern.text)?.[0].includes('${')
    )
      report.warning(
        'variable-place',
        `policy variables are replaced only in the last part of an ARN, after the fifth colon: "${pattern.text}"`,
        pattern.position,
      );
  }
  for (const { values } of conditions) values.forEach(advise);
}

function adviseText(
  { text, position }: Located,
  version: Policy['version'],
  reference: ActionReference,
  report: Report,
): void {
  if (isTemplateText(text)) {
    const message = `"${text}" contains an unresolved template placeholder`;
    report.warning('unresolved-template', message, position);
    return;
  }
  if (!text.includes('${')) return;
  if (version !== '2012-10-17') {
    const message = `"${text}" is literal text here: policy variables require "Version": "2012-10-17"`;
    report.warning('variable-without-version', message, position);
    return;
  }
  for (const { groups } of text.matchAll(VARIABLE)) {
    const name = groups?.name?.trim() ?? '';
    if (groups?.end === '')
      report.warning(
        'malformed-variable',
        `the policy variable in "${text}" has no closing brace }`,
        position,
      );
    else if (!ESCAPES.has(name)) adviseName(name, position, reference, report);
  }
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html */
const MULTI_VALUED: ReadonlySet<string> = new Set([
  'aws:calledvia',
  'aws:principalorgpaths',
  'aws:principalservicenameslist',
  'aws:resourceorgpaths',
  'aws:sourceorgpaths',
  'aws:tagkeys',
  'aws:vpceorgpaths',
]);

/** Only `aws:` keys are known in full; keys of services and identity providers are not checked. */
function adviseName(
  name: string,
  position: Located['position'],
  reference: ActionReference,
  report: Report,
): void {
  const prefix = name.slice(0, Math.max(name.indexOf(':'), 0)).toLowerCase();
  if (prefix.includes('.') || (prefix !== 'aws' && reference.services.has(prefix)) || prefix === 'saml')
    return;
  if (MULTI_VALUED.has(name.toLowerCase())) {
    const message = `"\${${name}}" never has a value: the key is multi-valued, and policy variables support single-valued keys only`;
    report.warning('unmatched-value', message, position);
    return;
  }
  if (isOneOf(name, reference.globalConditionKeys)) return;
  const hint = didYouMean(name, reference.globalConditionKeys);
  report.warning('unknown-variable', `AWS has no policy variable "\${${name}}"${hint}`, position);
}
