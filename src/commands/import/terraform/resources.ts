import { type DocumentNode, itemsOf, memberOf } from '../../../lib/document.ts';
import type { Report } from '../../../policy/report.ts';
import { Fields } from '../fields.ts';

export interface TerraformResource {
  /** `module.job.aws_iam_role.job["a"]` */
  readonly address: string;
  readonly type: string;
  readonly name: string;
  /** Addresses of the modules on the way here: `['job']`. */
  readonly modules: readonly string[];
  readonly values: Fields;
}

/** Every managed resource of the planned or present state, in all modules. */
export function resourcesIn(document: DocumentNode, report: Report): readonly TerraformResource[] {
  const values = memberOf(document, 'planned_values') ?? memberOf(document, 'values');
  return resourcesOf(memberOf(values, 'root_module'), report);
}

function resourcesOf(module: DocumentNode | undefined, report: Report): readonly TerraformResource[] {
  const own = itemsOf(memberOf(module, 'resources'))
    .filter((resource) => textOf(memberOf(resource, 'mode')) === 'managed')
    .flatMap((resource): TerraformResource[] => {
      const address = textOf(memberOf(resource, 'address'));
      const values = memberOf(resource, 'values');
      if (values === undefined) return [];
      return [
        {
          address,
          type: textOf(memberOf(resource, 'type')),
          name: textOf(memberOf(resource, 'name')),
          modules: modulesOf(address),
          values: new Fields(values, address, report),
        },
      ];
    });
  const children = itemsOf(memberOf(module, 'child_modules'));
  return [...own, ...children.flatMap((child) => resourcesOf(child, report))];
}

/** `['job', 'inner']` of `module.job["a"].module.inner.aws_iam_role.x`. */
const modulesOf = (address: string): readonly string[] =>
  [...address.matchAll(/\bmodule\.([\w-]+)(?:\[[^\]]*\])?\./g)].map(([, name = '']) => name);

export const textOf = (node: DocumentNode | undefined): string => (node?.kind === 'scalar' ? node.text : '');
