import { expect, it } from 'vitest';
import { newId } from '../../../src/records/new-id.ts';

it('an id is a UUID of version 4, and none is given twice', () => {
  const ids = Array.from({ length: 2_000 }, newId);
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set(ids).size).toBe(ids.length);
});
