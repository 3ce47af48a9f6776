import { type DocumentNode, itemsOf, memberOf, type ObjectNode } from '../../../lib/document.ts';
import type { Report } from '../../../policy/report.ts';
import { Fields } from '../fields.ts';

export interface TerraformResource {
  /** `module.job.aws_iam_role.job["a"]` */
  readonly address: string;
  readonly type: string;
  readonly name: string;
  /** Names of the modules on the way here: `['job']`. */
  readonly modules: readonly string[];
  /** `module.job["a"].` or nothing. */
  readonly moduleAddress: string;
  /** Of one of several (`count`, `for_each`): its key or number. */
  readonly key?: string;
  /** Empty where nothing is known before apply. */
  readonly values: Fields;
}

/** Every managed resource of the planned or current state, in all modules. */
export function resourcesIn(document: DocumentNode, report: Report): readonly TerraformResource[] {
  const values = memberOf(document, 'planned_values') ?? memberOf(document, 'values');
  return resourcesOf(memberOf(values, 'root_module'), report);
}

function resourcesOf(module: DocumentNode | undefined, report: Report): readonly TerraformResource[] {
  const own = itemsOf(memberOf(module, 'resources'))
    .filter((resource) => textOf(memberOf(resource, 'mode')) === 'managed')
    .map((resource) => resourceOf(resource, report));
  const children = itemsOf(memberOf(module, 'child_modules'));
  return [...own, ...children.flatMap((child) => resourcesOf(child, report))];
}

function resourceOf(resource: DocumentNode, report: Report): TerraformResource {
  const address = textOf(memberOf(resource, 'address'));
  const empty: ObjectNode = {
    kind: 'object',
    entries: [],
    ...(resource.position && { position: resource.position }),
  };
  const index = memberOf(resource, 'index');
  const [moduleAddress = ''] = MODULES.exec(address) ?? [];
  return {
    address,
    type: textOf(memberOf(resource, 'type')),
    name: textOf(memberOf(resource, 'name')),
    modules: [...moduleAddress.matchAll(MODULE)].map(([, name = '']) => name),
    moduleAddress,
    ...(index && { key: textOf(index) }),
    // Terraform writes no values of a resource of which none is known.
    values: new Fields(memberOf(resource, 'values') ?? empty, address, report),
  };
}

/** `module.job["a"].module.inner.` at the beginning of an address. */
const MODULES = /^(?:module\.[\w-]+(?:\[(?:"(?:[^"\\]|\\.)*"|\d+)\])?\.)*/;
const MODULE = /module\.([\w-]+)(?:\[(?:"(?:[^"\\]|\\.)*"|\d+)\])?\./g;

export const textOf = (node: DocumentNode | undefined): string => (node?.kind === 'scalar' ? node.text : '');
