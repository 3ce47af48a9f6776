import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { iamActions } from '../../../src/model/iam-actions.ts';
import { advisePolicy } from '../../../src/policy/advise.ts';
import { parsePolicy } from '../../../src/policy/parse.ts';
import { type PolicyKind, validatePolicy } from '../../../src/policy/validate.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** The folders of `policies/` whose documents are not identity-based. */
const KINDS: Readonly<Record<string, PolicyKind>> = {
  trust: 'trust',
  scp: 'serviceControl',
  rcp: 'resourceControl',
};

const files = readdirSync(join(ROOT, 'policies'), { recursive: true, encoding: 'utf8' }).filter((name) =>
  /\.(?:json|ya?ml)$/.test(name),
);

function load(name: string) {
  const text = readFileSync(join(ROOT, 'policies', name), 'utf8');
  return parsePolicy(text, { file: name, format: name.endsWith('.json') ? 'json' : 'yaml' });
}

describe('the policies that the project ships', () => {
  it.each(files)('%s has no error in its use', (name) => {
    const parsed = load(name);
    const kind = KINDS[name.split('/')[0] ?? ''] ?? 'managed';
    expect(parsed.ok ? parsed.value.warnings : parsed.error).toEqual([]);
    expect(parsed.ok && validatePolicy(parsed.value.policy, kind)).toEqual([]);
  });

  it('cause no warning except for the two actions of the read-only example that no longer exist', () => {
    const warned = files.flatMap((name) => {
      const parsed = load(name);
      return parsed.ok ? advisePolicy(parsed.value.policy, iamActions()).map(({ message }) => message) : [];
    });
    for (const message of warned)
      expect(message).toMatch(/^the action "personalize:Describe(?:DatasetImportJobRun|FeatureExportJob)"/);
  });
});

describe('the managed policies of AWS', () => {
  const managed = readFileSync(join(ROOT, 'src/directory/generated/aws-managed-policies.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { PolicyName: string; Document: unknown });

  it('parse without an error or a warning, all of them', () => {
    const faulty = managed.flatMap(({ PolicyName, Document }) => {
      const parsed = parsePolicy(JSON.stringify(Document), { format: 'json' });
      const diagnostics = parsed.ok ? parsed.value.warnings : parsed.error;
      return diagnostics.map(({ message }) => `${PolicyName}: ${message}`);
    });
    expect(managed.length).toBeGreaterThan(1400);
    expect(faulty).toEqual([]);
  });

  it('are all accepted by IAM', () => {
    const refused = managed.flatMap(({ PolicyName, Document }) => {
      const parsed = parsePolicy(JSON.stringify(Document), { format: 'json' });
      const diagnostics = parsed.ok ? validatePolicy(parsed.value.policy, 'managed') : parsed.error;
      return diagnostics
        .filter(({ severity, rule }) => severity === 'error' && rule !== 'policy-size')
        .map(({ message }) => `${PolicyName}: ${message}`);
    });
    expect(refused).toEqual([]);
  });

  it.each(['AmazonPersonalizeFullAccess', 'CloudWatchFullAccess'])(
    'include %s, which can be attached',
    (name) => {
      const document = managed.find(({ PolicyName }) => PolicyName === name)?.Document;
      const parsed = parsePolicy(JSON.stringify(document), { format: 'json' });
      expect(parsed.ok && validatePolicy(parsed.value.policy, 'managed')).toEqual([]);
    },
  );
});
