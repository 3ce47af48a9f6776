/** Writes the JSON Schemas that editors read, from the schemas that the program itself reads by. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { policyTestJsonSchema } from '../src/commands/test/schema.ts';

const folder = fileURLToPath(new URL('../schemas/', import.meta.url));

mkdirSync(folder, { recursive: true });
writeFileSync(
  `${folder}policy-tests.schema.json`,
  `${JSON.stringify(policyTestJsonSchema(), undefined, 2)}\n`,
);
