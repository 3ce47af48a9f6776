import type { Check, ResourceSource } from '../../model/check.ts';
import { iamActions } from '../../model/iam-actions.ts';
import { serviceModels } from '../../model/load.ts';
import { authorizationOf } from '../../services/services.ts';

/**
 * The ARN templates of everything that an action can be checked on: those of the Service Authorization Reference, and those
 * that the project's own table of checks forms. `undefined` for an action of which only the name is known.
 * @param service the prefix in lower case
 * @param name as the reference spells it
 */
export function checkedTemplates(service: string, name: string): readonly string[] | undefined {
  const details = iamActions().describe(service, name);
  if (details === undefined) return undefined;
  formed ??= formedTemplates();
  const own = formed.get(`${service}:${name}`) ?? [];
  // A listing of all buckets is checked on the ARN of all of them, which the reference lists as no resource.
  const listed = [...details.resourceArns, ...details.undocumentedArns].map((arn) =>
    arn.replace('<every bucket>', '*'),
  );
  return [...new Set([...listed, ...own])];
}

let formed: ReadonlyMap<string, readonly string[]> | undefined;

/** By action, what the checks of all operations form; an ARN that is taken from the input is one of the reference's. */
function formedTemplates(): ReadonlyMap<string, readonly string[]> {
  const operations = [...serviceModels().values()].flatMap((model) => [...model.operations.values()]);
  const checks = operations.flatMap((operation): readonly Check[] => {
    const { checks: documented, undocumented } = authorizationOf(operation);
    return [...documented, ...undocumented];
  });
  const byAction = Map.groupBy(checks, ({ action }) => action);
  return new Map(
    [...byAction].map(([action, of]) => [action, of.flatMap(({ resource }) => templateOf(resource) ?? [])]),
  );
}

const ACCOUNT = 'arn:${Partition}:iam::${Account}:';

function templateOf(source: ResourceSource): string | undefined {
  switch (source.from) {
    case 'fixed':
    case 'new':
      return source.template;
    case 'pathPrefix':
      return `${source.template}\${PathPrefix}`;
    case 'iamEntity':
      return `${ACCOUNT}${source.type}/\${NameWithPath}`;
    case 'caller':
    case 'accessKeyOwner':
      return `${ACCOUNT}user/\${NameWithPath}`;
    default:
      return undefined;
  }
}

/** What stands for the placeholders of a template; every other one is a name. */
const PLACEHOLDERS: Readonly<Record<string, string>> = {
  Partition: 'aws[a-z-]*',
  Region: '[a-z]{2,}(?:-[a-z]+)+-\\d+',
  Account: '(?:\\d{12}|aws)',
  BucketName: '[^/]+',
  PathPrefix: '.*',
};

/** Names of Personalize, of which datasets and solution versions have two parts; `*` stands for any. */
const PERSONALIZE_NAME = '[\\w*-]+(?:/[\\w*-]+){0,2}';

const patterns = new Map<string, RegExp>();

/** Whether a resource has the form of a template. */
export function hasForm(resource: string, template: string): boolean {
  const known = patterns.get(template) ?? formOf(template);
  patterns.set(template, known);
  return known.test(resource);
}

function formOf(template: string): RegExp {
  const name = template.includes(':personalize:') ? PERSONALIZE_NAME : '.+';
  const source = template
    .split(/(\$\{\w+\})/)
    .map((part) => {
      const [, placeholder] = /^\$\{(\w+)\}$/.exec(part) ?? [];
      return placeholder === undefined
        ? part.replace(/[^\w:/-]/g, '\\$&')
        : (PLACEHOLDERS[placeholder] ?? name);
    })
    .join('');
  return new RegExp(`^${source}$`, 's');
}
