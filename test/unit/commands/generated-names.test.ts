import { describe, expect, it } from 'vitest';
import { renderComparison } from '../../../src/commands/generate/compare.ts';
import { generatePolicy } from '../../../src/commands/generate/generate.ts';
import { namePattern } from '../../../src/commands/generate/generated-names.ts';
import { ACCOUNT, check, directoryOf, document, recordOf } from './recorded.ts';

const job = (name: string): string => `arn:aws:personalize:us-east-1:${ACCOUNT}:dataset-import-job/${name}`;

describe('a name that looks generated', () => {
  it.each([
    ['import-2026-11-24', 'import-*'],
    ['import-20261124T0930', 'import-*'],
    ['import-1732440000', 'import-*'],
    ['import-1732440000123-a', 'import-*-a'],
    ['7c0c2b1e-9a3f-4c55-8a0e-0123456789ab', '*'],
    ['shop_9f86d081', 'shop_*'],
    ['shop-v2', 'shop-v2'],
    ['orders-2026', 'orders-2026'],
    ['facade-decade', 'facade-decade'],
    ['catalog12345678', 'catalog12345678'],
  ])('%s becomes %s', (name, pattern) => {
    expect(namePattern(job(name))).toBe(job(pattern));
  });

  it('is reported by generate, and a pattern with --names, in no role that is passed', async () => {
    const directory = await directoryOf({
      p: document({ Effect: 'Allow', Action: '*', Resource: '*' }),
    });
    const role = `arn:aws:iam::${ACCOUNT}:role/job-20261124`;
    const allowed = { decision: 'allowed' } as const;
    const records = [
      recordOf([
        check('personalize:CreateDatasetImportJob', job('in-2026-11-24'), allowed),
        check('iam:PassRole', role, allowed),
      ]),
    ];
    const generate = (names: boolean) => {
      const generated = generatePolicy({ directory, as: 'alice', records, resources: 'exact', names });
      if (!generated.ok) throw new Error(generated.error.message);
      return generated.value;
    };
    const exact = generate(false);
    expect(exact.text).toContain(job('in-2026-11-24'));
    expect(renderComparison(directory, exact)).toContain(`With --names it is ${job('in-*')}.`);
    const named = generate(true);
    expect(named.text).toContain(job('in-*'));
    expect(named.text).toContain(role);
    expect(named.generatedNames).toEqual([]);
  });
});
