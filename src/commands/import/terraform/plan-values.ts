import { type DocumentNode, itemsOf, memberOf, toValue } from '../../../lib/document.ts';
import type { Located } from '../../../policy/ast.ts';
import type { Report } from '../../../policy/report.ts';
import type { Owner } from '../account.ts';
import { located } from '../fields.ts';
import { Configuration, type Place, type Target } from './references.ts';
import { arnOfForm, RESOURCE_FORMS } from './resource-forms.ts';
import { type TerraformResource, textOf } from './resources.ts';

export interface PlanValuesOptions {
  readonly plan: DocumentNode;
  readonly values: ReadonlyMap<string, string>;
  readonly resources: readonly TerraformResource[];
  readonly owner: Owner;
}

/** Attributes of the plan's resources; one that is not planned yet is followed to the resource that it comes from. */
export class PlanValues {
  readonly configuration: Configuration;
  readonly #options: PlanValuesOptions;
  readonly #report: Report;
  readonly #changes: ReadonlyMap<string, DocumentNode>;
  readonly #reported = new Set<string>();

  constructor(options: PlanValuesOptions, report: Report) {
    this.#options = options;
    this.configuration = new Configuration(options.plan);
    this.#report = report;
    const changes = itemsOf(memberOf(options.plan, 'resource_changes'));
    this.#changes = new Map(changes.map((change) => [textOf(memberOf(change, 'address')), change]));
  }

  /** What was given with `--value`. */
  given(name: string): string | undefined {
    return this.#options.values.get(name);
  }

  /** What is planned for a resource or data source: its values, and where they are unknown. */
  change(address: string): { readonly after?: DocumentNode; readonly unknown?: DocumentNode } {
    const change = memberOf(this.#changes.get(address), 'change');
    const after = memberOf(change, 'after');
    const unknown = memberOf(change, 'after_unknown');
    return { ...(after && { after }), ...(unknown && { unknown }) };
  }

  /** The name of a user, group, role, policy or bucket. */
  nameOf(resource: TerraformResource): Located | undefined {
    const { address, values, type } = resource;
    const known = values.optionalText(RESOURCE_FORMS[type]?.name ?? 'name');
    if (known) return known;
    const given = this.given(address);
    if (given !== undefined) return located(given, values.node);
    return this.refuse(
      `${address} has no name before it is applied: give it with --value '${address}=NAME'`,
      resource,
    );
  }

  arnOf(resource: TerraformResource): Located | undefined {
    const { type, values } = resource;
    const form = RESOURCE_FORMS[type];
    const name = this.nameOf(resource);
    if (name === undefined || form === undefined) return undefined;
    const path = textOf(values.get('path')) || '/';
    const arn = arnOfForm(form, this.#options.owner, { path, name: name.text });
    return arn === undefined ? undefined : { ...name, text: arn };
  }

  /** A name or an ARN that refers to another resource. */
  reference(resource: TerraformResource, attribute: string): Located | undefined {
    const { address, values } = resource;
    const known = values.optionalText(attribute);
    if (known) return known;
    const given = this.given(`${address}.${attribute}`);
    if (given !== undefined) return located(given, values.node);
    const [target, ...more] =
      this.configuration.targetsOf(this.configuration.expression(resource, attribute), resource) ?? [];
    if (target && more.length === 0 && this.#resourceOf(target, resource)) {
      const found = this.valueOf(target, resource, /arn|boundary/.test(attribute) ? 'arn' : 'name');
      return found && located(found.text, values.node);
    }
    return this.refuse(
      `${address}: ${attribute} is known after apply only: give it with --value '${address}.${attribute}=VALUE', or leave the resource out with --omit '${address}'`,
      resource,
    );
  }

  /** The same where the attribute may be missing. */
  optionalReference(resource: TerraformResource, attribute: string): Located | undefined {
    const isThere = resource.values.get(attribute) !== undefined || this.isUnknown(resource, attribute);
    return isThere ? this.reference(resource, attribute) : undefined;
  }

  /** The items of a list or set; those that are not planned yet are followed. */
  references(resource: TerraformResource, attribute: string): readonly Located[] {
    const { address, values } = resource;
    const given = this.given(`${address}.${attribute}`);
    if (given !== undefined) return given.split(',').map((text) => located(text.trim(), values.node));
    if (!this.isUnknown(resource, attribute) || !this.sets(resource, attribute))
      return values.texts(attribute);
    const known = values.list(attribute).filter((item) => toValue(item) !== null);
    const items = this.targetValues(this.configuration.expression(resource, attribute), resource, {
      wanted: /arn/.test(attribute) ? 'arn' : 'name',
      count: values.list(attribute).length - known.length,
    });
    if (items === undefined) {
      const message = `${address}: ${attribute} is known after apply only: give it with --value '${address}.${attribute}=ITEM,ITEM'`;
      this.refuse(message, resource);
      return [];
    }
    return [
      ...known.map((item) => located(textOf(item), item)),
      ...items.map((text) => located(text, values.node)),
    ];
  }

  /**
   * What the references of an expression give, if there are as many as unknown values (`count`; 0 where their number
   * is unknown too); `undefined` otherwise.
   */
  targetValues(
    expression: DocumentNode | undefined,
    place: Place & { readonly moduleAddress?: string },
    { wanted, count }: { readonly wanted: 'arn' | 'name'; readonly count: number },
  ): readonly string[] | undefined {
    const targets = this.configuration.targetsOf(expression, place);
    if (targets === undefined || (count > 0 && targets.length !== count)) return undefined;
    const values = targets.map((target) => this.valueOf(target, place, wanted)?.text);
    return values.every((each) => each !== undefined) ? values : undefined;
  }

  /** Reports attributes that the configuration sets and that only apply will know. */
  requireKnown(resource: TerraformResource, attributes: readonly string[]): void {
    for (const attribute of attributes)
      if (this.sets(resource, attribute) && this.isUnknown(resource, attribute))
        this.refuse(
          `${resource.address}: ${attribute} is known after apply only: apply first and import the state (terraform show -json), or leave the resource out with --omit '${resource.address}'`,
          resource,
        );
  }

  /** Whether the configuration says anything of the attribute. */
  sets(resource: TerraformResource, attribute: string): boolean {
    return this.configuration.expression(resource, attribute) !== undefined;
  }

  /** `after_unknown` has `true` in the place of each value that is not known. */
  isUnknown({ address }: TerraformResource, attribute: string): boolean {
    const unknown = memberOf(this.change(address).unknown, attribute);
    return unknown !== undefined && JSON.stringify(toValue(unknown)).includes('true');
  }

  /** An attribute of a target; its name or ARN where the reference does not say which. */
  valueOf(
    target: Target,
    from: { readonly modules: readonly string[]; readonly moduleAddress?: string },
    wanted: 'arn' | 'name',
  ): Located | undefined {
    const resource = this.#resourceOf(target, from);
    const form = RESOURCE_FORMS[target.type];
    if (resource === undefined || form === undefined) return undefined;
    const { attribute = wanted } = target;
    const isArn = attribute === 'arn' || (attribute === 'id' && form.idIsArn === true);
    return isArn ? this.arnOf(resource) : this.nameOf(resource);
  }

  /** Reports it once: the same resource is often referred to in many places. */
  refuse(message: string, { values }: TerraformResource): undefined {
    if (!this.#reported.has(message)) this.#report.error('unresolved', message, values.node.position);
    this.#reported.add(message);
    return undefined;
  }

  /** Of several instances the one with the key; of several instances of a module the one of the same. */
  #resourceOf(
    { mode, type, name, attribute, modules, key }: Target,
    from: { readonly modules: readonly string[]; readonly moduleAddress?: string },
  ): TerraformResource | undefined {
    const form = RESOURCE_FORMS[type];
    const isFollowed = attribute === undefined || ['arn', 'id', 'name', form?.name].includes(attribute);
    if (mode !== 'managed' || form === undefined || !isFollowed) return undefined;
    const found = this.#options.resources.filter(
      (each) =>
        each.type === type &&
        each.name === name &&
        each.modules.join('.') === modules.join('.') &&
        (key === undefined || each.key === key),
    );
    const near = found.filter((each) => each.moduleAddress === from.moduleAddress);
    const [only, ...others] = found.length > 1 && near.length > 0 ? near : found;
    return others.length === 0 ? only : undefined;
  }
}
