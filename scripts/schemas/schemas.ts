import { LINT_SCHEMA } from '../../src/commands/lint/suppressions.ts';
import { policyTestJsonSchema } from '../../src/commands/test/schema.ts';
import { configSchema } from '../../src/config/schema.ts';
import { SETTINGS } from '../../src/config/settings.ts';
import { principalsSchema } from '../../src/directory/principals-schema.ts';
import { fixturesSchema } from '../../src/services/personalize/fixtures.ts';
import { fileSchema } from './json-schema.ts';
import { seedSchema } from './seed-schema.ts';

type Json = Readonly<Record<string, unknown>>;

const OF = 'of personalize-authz-proxy';

/** The JSON Schema of each kind of file, by its name in `schemas/`. */
export function schemaFiles(): ReadonlyMap<string, Json> {
  return new Map([
    ['proxy', withSummaries(fileSchema(`Configuration ${OF}`, configSchema))],
    ['principals', fileSchema(`Principals ${OF}`, principalsSchema)],
    ['lint', fileSchema(`Suppressed lint findings ${OF}`, LINT_SCHEMA)],
    ['fixtures', fileSchema(`Fixtures of the stub ${OF}`, fixturesSchema)],
    ['seed', fileSchema(`Seed of the stub ${OF}`, seedSchema())],
    ['policy-tests', policyTestJsonSchema()],
  ]);
}

/** Editors show what help shows: the summary of a setting. */
function withSummaries(schema: Json): Json {
  return SETTINGS.reduce<Json>(
    (changed, { key, summary }) => describe(changed, key.split('.'), summary),
    schema,
  );
}

function describe(schema: Json, [name, ...rest]: readonly string[], description: string): Json {
  if (name === undefined) return { ...schema, description };
  const properties = (schema.properties ?? {}) as Readonly<Record<string, Json>>;
  return {
    ...schema,
    properties: { ...properties, [name]: describe(properties[name] ?? {}, rest, description) },
  };
}
