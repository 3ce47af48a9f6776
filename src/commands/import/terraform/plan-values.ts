import { type DocumentNode, itemsOf, memberOf, toValue } from '../../../lib/document.ts';
import type { Located } from '../../../policy/ast.ts';
import type { Report } from '../../../policy/report.ts';
import { iamArn, type Owner } from '../account.ts';
import { located } from '../fields.ts';
import { Configuration, type Target } from './references.ts';
import { type TerraformResource, textOf } from './resources.ts';

/** What attributes of IAM resources are made of their names, long before they are applied. */
const KINDS: Readonly<Record<string, string>> = {
  aws_iam_policy: 'policy',
  aws_iam_user: 'user',
  aws_iam_group: 'group',
  aws_iam_role: 'role',
};

export interface PlanValuesOptions {
  readonly plan: DocumentNode;
  readonly values: ReadonlyMap<string, string>;
  readonly resources: readonly TerraformResource[];
  readonly owner: Owner;
}

/** Attributes of the plan's resources; what is not planned yet is followed to the resource that it comes from. */
export class PlanValues {
  readonly #options: PlanValuesOptions;
  readonly #configuration: Configuration;
  readonly #report: Report;
  readonly #changes: ReadonlyMap<string, DocumentNode>;
  readonly #told = new Set<string>();

  constructor(options: PlanValuesOptions, report: Report) {
    this.#options = options;
    this.#configuration = new Configuration(options.plan);
    this.#report = report;
    const changes = itemsOf(memberOf(options.plan, 'resource_changes'));
    this.#changes = new Map(changes.map((change) => [textOf(memberOf(change, 'address')), change]));
  }

  /** The name of a user, group, role or policy. */
  nameOf(resource: TerraformResource): Located | undefined {
    const { address, values } = resource;
    const known = values.optionalText('name');
    if (known) return known;
    const given = this.#options.values.get(address);
    if (given !== undefined) return located(given, values.node);
    return this.#refuse(
      `${address} has no name before it is applied: give it with --value '${address}=NAME'`,
      resource,
    );
  }

  /** A name or an ARN that refers to another resource. */
  reference(resource: TerraformResource, attribute: string): Located | undefined {
    const { address, values } = resource;
    const known = values.optionalText(attribute);
    if (known) return known;
    const given = this.#options.values.get(`${address}.${attribute}`);
    if (given !== undefined) return located(given, values.node);
    const target = this.#configuration.targetOf(resource, attribute);
    const source = target && this.#resourceOf(target);
    if (target && source) {
      const found = this.#attributeOf(source, target.attribute);
      return found && located(found.text, values.node);
    }
    return this.#refuse(
      `${address}: ${attribute} is known after apply only: give it with --value '${address}.${attribute}=VALUE'`,
      resource,
    );
  }

  /** The same where the attribute may be missing. */
  optionalReference(resource: TerraformResource, attribute: string): Located | undefined {
    const isThere = resource.values.get(attribute) !== undefined || this.#isUnknown(resource, attribute);
    return isThere ? this.reference(resource, attribute) : undefined;
  }

  /** Tells attributes that the configuration sets, and of which only apply will know what to. */
  requireKnown(resource: TerraformResource, attributes: readonly string[]): void {
    for (const attribute of attributes)
      if (this.#configuration.sets(resource, attribute) && this.#isUnknown(resource, attribute))
        this.#refuse(
          `${resource.address}: ${attribute} is known after apply only: apply first, and import the state (terraform show -json)`,
          resource,
        );
  }

  arnOf(resource: TerraformResource): Located | undefined {
    const { type, values } = resource;
    const name = this.nameOf(resource);
    if (name === undefined) return undefined;
    const path = textOf(values.get('path')) || '/';
    return { ...name, text: iamArn(this.#options.owner, `${KINDS[type]}${path}${name.text}`) };
  }

  /** `after_unknown` has `true` in the place of each value that is not known. */
  #isUnknown({ address }: TerraformResource, attribute: string): boolean {
    const change = this.#changes.get(address);
    const unknown = memberOf(memberOf(memberOf(change, 'change'), 'after_unknown'), attribute);
    return unknown !== undefined && JSON.stringify(toValue(unknown)).includes('true');
  }

  /** With count or for_each there are several of a name, and the plan does not tell which is meant. */
  #resourceOf({ type, name, attribute, modules }: Target): TerraformResource | undefined {
    const [resource, ...others] = this.#options.resources.filter(
      (each) => each.type === type && each.name === name && each.modules.join('.') === modules.join('.'),
    );
    const isKnown = Object.hasOwn(KINDS, type) && ['arn', 'id', 'name'].includes(attribute ?? '');
    return isKnown && others.length === 0 ? resource : undefined;
  }

  #attributeOf(resource: TerraformResource, attribute: string | undefined): Located | undefined {
    const isArn = attribute === 'arn' || (attribute === 'id' && resource.type === 'aws_iam_policy');
    return isArn ? this.arnOf(resource) : this.nameOf(resource);
  }

  /** Tells it once: the same resource is often referred to in many places. */
  #refuse(message: string, { values }: TerraformResource): undefined {
    if (!this.#told.has(message)) this.#report.error('unresolved', message, values.node.position);
    this.#told.add(message);
    return undefined;
  }
}
