/**
 * Writes the generated data of the project: `npm run generate [-- FOLDER]`, where FOLDER holds AWS's published
 * service models (default: ../shared/data/models). The same input gives the same bytes.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { jsonText } from './generate/json-text.ts';
import { compactModel } from './generate/service-model.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MODELS = ['personalize', 'personalize-runtime', 'personalize-events', 'sts', 'iam'];

const modelsFolder = process.argv[2] ?? join(ROOT, '../shared/data/models');

for (const name of MODELS) {
  const model = compactModel(name, readJson(join(modelsFolder, `${name}.json`)));
  write(`src/model/generated/${name}.json`, jsonText(model, ['operations', 'shapes']));
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
