/** Writes the JSON Schemas that editors read, from the schemas that the program itself reads by. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { schemaFiles } from './schemas/schemas.ts';

const folder = fileURLToPath(new URL('../schemas/', import.meta.url));

mkdirSync(folder, { recursive: true });
for (const [name, schema] of schemaFiles())
  writeFileSync(`${folder}${name}.schema.json`, `${JSON.stringify(schema, undefined, 2)}\n`);
