import { describe, expect, it } from 'vitest';
import { handlersFor } from '../../../src/services/personalize/operations.ts';
import { RESOURCE_TYPES } from '../../../src/services/personalize/resource-types.ts';
import { personalizeOperations } from '../../../src/services/personalize/service-operations.ts';

describe("the stub's tables", () => {
  const operations = personalizeOperations();

  it('have a handler for each of the 79 operations', () => {
    expect(operations.size).toBe(71 + 3 + 5);
    expect([...handlersFor(operations).keys()].sort()).toEqual([...operations.keys()].sort());
  });

  it('are refused where the models have an operation less', () => {
    const less = new Map([...operations].filter(([name]) => name !== 'DeleteFilter'));

    expect(() => handlersFor(less)).toThrow('The service models have no operation DeleteFilter.');
  });

  it('name members and parents that the models have', () => {
    for (const [resourceType, type] of Object.entries(RESOURCE_TYPES)) {
      const create = operations.get(`Create${resourceType}`);
      const list = [...(operations.get(`List${resourceType}s`)?.input?.members.keys() ?? [])];
      const filters = list.filter((member) => member !== 'nextToken' && member !== 'maxResults');

      expect([...(create?.input?.members.keys() ?? [])], resourceType).toEqual(
        expect.arrayContaining([type.nameMember]),
      );
      expect(type.parents, resourceType).toEqual(expect.arrayContaining(filters));
    }
  });
});
