import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/**
 * What the Avro specification forbids in a schema; `undefined` where it is one. The reader is loaded with the first
 * schema: it would cost every start.
 */
export function avroDiagnostic(schema: object): string | undefined {
  const { Type }: typeof import('avsc') = require('avsc');
  try {
    // Whether it is a schema is what is asked here.
    Type.forSchema(schema as Parameters<typeof Type.forSchema>[0]);
    return undefined;
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
}
