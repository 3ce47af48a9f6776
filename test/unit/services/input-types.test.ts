import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { INPUT_TYPES, inputTypes } from '../../../scripts/generate/input-types.ts';
import type { GeneratedModel, GeneratedShape } from '../../../src/model/generated-model.ts';

const read = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), 'utf8');

const model = (shapes: Readonly<Record<string, GeneratedShape>>): GeneratedModel => ({
  name: 'a-service',
  protocol: 'awsJson1.1',
  signingName: 'personalize',
  apiVersion: '1',
  operations: { Do: { method: 'POST', path: '/', input: 'Input', errors: {} } },
  shapes,
});

describe('the generated input types', () => {
  it.each(INPUT_TYPES)('$types are those of $model', ({ model: source, types }) => {
    expect(inputTypes(JSON.parse(read(source)), source)).toBe(read(types));
  });

  it('give every kind of shape the type that the decoder produces', () => {
    const types = inputTypes(
      model({
        Input: {
          type: 'structure',
          required: ['name'],
          members: { name: 'Text', mode: 'Mode', modes: 'Modes', at: 'Time', data: 'Bytes', on: 'Flag' },
        },
        Text: { type: 'string' },
        Mode: { type: 'string', enum: ['A', 'B-C'] },
        Modes: { type: 'list', member: 'Mode' },
        Time: { type: 'timestamp' },
        Bytes: { type: 'blob' },
        Flag: { type: 'boolean' },
      }),
      'model.json',
    );

    expect(types).toContain(
      "  readonly Do: { readonly name: string; readonly mode?: 'A' | 'B-C'; readonly modes?: readonly ('A' | 'B-C')[]; readonly at?: Date; readonly data?: Uint8Array; readonly on?: boolean };",
    );
    expect(types).toContain('export type AServiceInputs = {');
  });

  it('name structures, which may hold themselves, and write maps and lists of lists in place', () => {
    const types = inputTypes(
      model({
        Input: { type: 'structure', members: { tree: 'Tree', table: 'Table', rows: 'Rows' } },
        Tree: { type: 'structure', required: ['left'], members: { left: 'Tree' } },
        Table: { type: 'map', key: 'Key', value: 'Row' },
        Rows: { type: 'list', member: 'Row' },
        Row: { type: 'list', member: 'Key' },
        Key: { type: 'string' },
      }),
      'model.json',
    );

    expect(types).toContain('type Tree = { readonly left: Tree };');
    expect(types).toContain('readonly table?: Readonly<Record<string, readonly string[]>>');
    expect(types).toContain('readonly rows?: readonly (readonly string[])[]');
  });

  it('refuse a shape that the model does not have', () => {
    expect(() =>
      inputTypes(model({ Input: { type: 'structure', members: { a: 'Gone' } } }), 'model.json'),
    ).toThrow('a-service: there is no shape Gone');
  });
});
