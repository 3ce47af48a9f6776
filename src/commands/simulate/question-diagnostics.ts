import { didYouMean } from '../../lib/nearest.ts';
import { shortList } from '../../lib/short-list.ts';
import { type IamActions, iamActions } from '../../model/iam-actions.ts';
import { actionOfOperation } from '../../model/operation-actions.ts';
import { conditionKeyDiagnostic } from '../../policy/condition-key-fault.ts';
import { checkedTemplates, hasForm } from './checked-resources.ts';

/** What of a question is wrong, for people. */
export interface QuestionDiagnostic {
  readonly part: 'principal' | 'action' | 'resource' | 'context';
  /** Of the context: the key. */
  readonly key?: string;
  readonly rule: string;
  readonly message: string;
}

/** A check as it is asked about. */
export interface AskedCheck {
  readonly action: string;
  /** An ARN, or `*`. */
  readonly resource: string;
  /** The names of its context keys. */
  readonly context: readonly string[];
}

/**
 * Why no request can be like the question: an action that AWS does not have, a resource that the action is never checked on,
 * a context key that does not exist or that the action does not support. The answer to such a question would be a denial or an
 * Allow that says nothing. Of services whose actions are known by name only, the name alone is looked at.
 */
export function questionDiagnostics({
  action,
  resource,
  context,
}: AskedCheck): readonly QuestionDiagnostic[] {
  const known = knownAction(action);
  if (typeof known === 'string') return [{ part: 'action', rule: 'unknown-action', message: known }];
  return [...resourceDiagnostics(known, resource), ...contextDiagnostics([action], context)];
}

/** The context keys of a call that none of its actions gets. */
export function contextDiagnostics(
  actions: readonly string[],
  context: readonly string[],
): readonly QuestionDiagnostic[] {
  const own = keysOf(actions);
  const [only, ...more] = actions;
  const subject =
    only === undefined || more.length > 0 ? 'no action of the call supports' : `${only} does not support`;
  return context.flatMap((key) => {
    const diagnostic = conditionKeyDiagnostic(key, own, iamActions(), subject);
    return diagnostic ? [{ part: 'context', key, ...diagnostic } as const] : [];
  });
}

/** Why AWS has no such action; `undefined` where it has. */
export function actionDiagnostic(action: string): string | undefined {
  const known = knownAction(action);
  return typeof known === 'string' ? known : undefined;
}

interface KnownAction {
  readonly action: string;
  /** In lower case. */
  readonly service: string;
  /** As AWS spells it. */
  readonly name: string;
}

/** The action, or why there is none. */
function knownAction(action: string): KnownAction | string {
  const [prefix = '', wanted = ''] = action.split(':');
  const service = prefix.toLowerCase();
  const names = iamActions().actionsOf(service);
  const name = names && spelled(names, wanted);
  if (name !== undefined) return { action, service, name };
  return `AWS has no action "${action}"${hint(action, iamActions())}`;
}

function hint(action: string, reference: IamActions): string {
  const meant = actionOfOperation(action);
  if (meant !== undefined) return `; the action is "${meant}"`;
  const [prefix = '', name = ''] = action.split(':');
  const service = prefix.toLowerCase();
  const names = reference.actionsOf(service);
  return names ? didYouMean(name, names) : didYouMean(service, reference.services);
}

const spelled = (names: ReadonlySet<string>, wanted: string): string | undefined =>
  names.has(wanted) ? wanted : [...names].find((name) => name.toLowerCase() === wanted.toLowerCase());

function resourceDiagnostics(
  { action, service, name }: KnownAction,
  resource: string,
): readonly QuestionDiagnostic[] {
  if (resource === '*') return [];
  const templates = checkedTemplates(service, name);
  if (templates === undefined || templates.some((template) => hasForm(resource, template))) return [];
  const message =
    templates.length === 0
      ? `${action} works on no resource: ask about "*"`
      : `${action} is never checked on "${resource}", only on ${shortList(byLength(templates.map(readable)))}`;
  return [{ part: 'resource', rule: 'impossible-resource', message }];
}

/** The plainest first: a bucket before an access point. */
const byLength = (texts: readonly string[]): readonly string[] =>
  texts.toSorted((one, other) => one.length - other.length);

/** A template as people write ARNs: `arn:aws:personalize:REGION:ACCOUNT:campaign/NAME`. */
const readable = (template: string): string =>
  template
    .replace('${Partition}', 'aws')
    .replace(/\$\{(\w+)\}/g, (_, placeholder: string) =>
      placeholder.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase(),
    );

/** `undefined` where one of the actions is not known so well. A List that takes a parent has the keys of its parent's tags. */
function keysOf(actions: readonly string[]): ReadonlySet<string> | undefined {
  const keys = new Set<string>();
  for (const action of actions) {
    const known = knownAction(action);
    const details = typeof known === 'string' ? undefined : iamActions().describe(known.service, known.name);
    if (details === undefined) return undefined;
    for (const key of details.conditionKeys) keys.add(key);
    if (details.undocumentedArns.length > 0) keys.add('aws:ResourceTag/${TagKey}');
  }
  return keys;
}
