import { createHash } from 'node:crypto';
import { type DocumentEntry, type DocumentNode, memberOf } from '../../../lib/document.ts';
import { err, ok, type Result } from '../../../lib/result.ts';
import { RESOURCE_FORMS, type ResourceForm } from './resource-forms.ts';
import { entryIn, type TemplateInput } from './template.ts';

/** Evaluates a property of the template; `undefined` if that is not possible, which was then reported. */
export type Evaluate = (node: DocumentNode) => DocumentNode | undefined;

type Referred = Result<string, string>;

/** The values of references to resources, or why they are known only after deployment. */
export class References {
  readonly #input: TemplateInput;
  readonly #evaluate: Evaluate;
  readonly #names = new Map<string, Referred>();

  constructor(input: TemplateInput, evaluate: Evaluate) {
    this.#input = input;
    this.#evaluate = evaluate;
  }

  /** What `Ref` gives; `undefined` where the template has no resource of this name. */
  ref(id: string): Referred | undefined {
    const given = this.#input.values.get(id);
    const resource = entryIn(this.#input.template, 'Resources', id);
    if (resource === undefined) return given === undefined ? undefined : ok(given);
    const type = typeOf(resource);
    const form = RESOURCE_FORMS[type];
    // The name that was given for a policy is its name; its Ref is the ARN.
    if (given !== undefined && (form?.ref !== 'arn' || given.startsWith('arn:'))) return ok(given);
    if (form === undefined || form.ref === 'unknown')
      return err(`what ${type} gives is not known here: ${give(id)}`);
    return form.ref === 'arn' ? this.#arn(id, resource, form) : this.nameOf(id);
  }

  /** What `Fn::GetAtt` gives. */
  attribute(id: string, attribute: string): Referred | undefined {
    const given = this.#input.values.get(`${id}.${attribute}`);
    if (given !== undefined) return ok(given);
    const resource = entryIn(this.#input.template, 'Resources', id);
    if (resource === undefined) return undefined;
    const type = typeOf(resource);
    const form = RESOURCE_FORMS[type];
    if (form?.arnAttribute === attribute) return this.#arn(id, resource, form);
    const property = COPIED_ATTRIBUTES[type]?.has(attribute)
      ? memberOf(memberOf(resource.value, 'Properties'), attribute)
      : undefined;
    const value = property && this.#evaluate(property);
    if (value?.kind === 'scalar') return ok(value.text);
    if (property !== undefined) return err(ALREADY_REPORTED);
    return err(`${attribute} of ${type} is not known here: ${give(`${id}.${attribute}`)}`);
  }

  /** The name that the resource has or will have. */
  nameOf(id: string): Referred {
    const known = this.#names.get(id);
    if (known) return known;
    // A name that refers to itself would never end.
    this.#names.set(id, err(`the name of ${id} refers to itself`));
    const found = this.#findName(id);
    this.#names.set(id, found);
    return found;
  }

  #findName(id: string): Referred {
    const resource = entryIn(this.#input.template, 'Resources', id);
    const type = typeOf(resource);
    const form = RESOURCE_FORMS[type];
    const property = form && memberOf(memberOf(resource?.value, 'Properties'), form.name);
    if (property !== undefined) {
      const value = this.#evaluate(property);
      if (value?.kind === 'scalar') return ok(value.text);
      return err(ALREADY_REPORTED);
    }
    const given = this.#input.values.get(id);
    if (given !== undefined) return ok(given);
    if (this.#input.logicalNames) return ok(nameFrom(id, type));
    return err(
      `${id} has no ${form?.name}, so its name is generated at deployment: ${give(id, 'NAME')}, or use logical IDs as names with --logical-names`,
    );
  }

  #arn(id: string, resource: DocumentEntry, { arn }: ResourceForm): Referred {
    const name = this.nameOf(id);
    if (!name.ok) return name;
    const path = memberOf(memberOf(resource.value, 'Properties'), 'Path');
    const evaluated = path && this.#evaluate(path);
    const { account, partition, region } = this.#input;
    const parts: Readonly<Record<string, string>> = {
      account,
      partition,
      region,
      name: name.value,
      path: evaluated?.kind === 'scalar' ? evaluated.text : '/',
    };
    return ok(arn.replaceAll(/\{(\w+)\}/g, (whole, part: string) => parts[part] ?? whole));
  }
}

/**
 * Attributes that give a property back as the template sets it.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ssm-parameter.html
 */
const COPIED_ATTRIBUTES: Readonly<Record<string, ReadonlySet<string>>> = {
  'AWS::SSM::Parameter': new Set(['Type', 'Value']),
};

const LONGEST: Readonly<Record<string, number>> = {
  'AWS::IAM::Role': 64,
  'AWS::IAM::User': 64,
  'AWS::S3::Bucket': 63,
};
const LONGEST_ELSE = 128;

/** A logical ID as a name; one that is too long is cut and ends in 12 characters of its own, as CloudFormation's do. */
function nameFrom(id: string, type: string): string {
  const longest = LONGEST[type] ?? LONGEST_ELSE;
  const unique = createHash('sha256').update(id).digest('hex').slice(0, 12);
  const name = id.length <= longest ? id : `${id.slice(0, longest - 13)}-${unique}`;
  return type === 'AWS::S3::Bucket' ? name.toLowerCase() : name;
}

const typeOf = (resource: DocumentEntry | undefined): string => {
  const type = memberOf(resource?.value, 'Type');
  return type?.kind === 'scalar' ? type.text : '';
};

/** The reason was already reported at its position. */
export const ALREADY_REPORTED = '';

const give = (name: string, value = 'VALUE'): string => `give it with --value ${name}=${value}`;
