import { describe, expect, it } from 'vitest';
import type { Stage } from '../../../src/calls/service.ts';
import { serviceModels } from '../../../src/model/load.ts';
import { recordedParameters } from '../../../src/pipeline/request-parameters.ts';

function parametersOf(service: 'sts' | 'personalize' | 'personalize-events', name: string, input: object) {
  const operation = serviceModels().get(service)?.operations.get(name);
  return recordedParameters({ route: { operation }, input } as unknown as Stage);
}

describe('the parameters of a record', () => {
  it('hide tokens and one-time codes', () => {
    const shown = parametersOf('sts', 'AssumeRoleWithWebIdentity', {
      RoleArn: 'arn:aws:iam::123456789012:role/shop',
      WebIdentityToken: 'a-secret-token',
    });
    expect(shown).toEqual({
      RoleArn: 'arn:aws:iam::123456789012:role/shop',
      WebIdentityToken: 'HIDDEN_DUE_TO_SECURITY_REASONS',
    });
    const session = parametersOf('sts', 'GetSessionToken', { TokenCode: '123456' });
    expect(JSON.stringify(session)).not.toContain('123456');
  });

  it('hide what the service model marks as sensitive', () => {
    const shown = parametersOf('personalize', 'CreateFilter', {
      name: 'f',
      filterExpression: 'INCLUDE ItemID WHERE Items.SECRET IN ("x")',
    });
    expect(shown?.name).toBe('f');
    expect(JSON.stringify(shown)).not.toContain('Items.SECRET');
  });

  it('have at most 8,000 bytes, whatever the input', () => {
    const many = Array.from({ length: 2_000 }, (_, index) => ({
      tagKey: 'k'.repeat(900),
      tagValue: `${index}`,
    }));
    const wide = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`member${index}`, 'x']));
    for (const input of [{ tags: many }, wide, { name: '€'.repeat(20_000) }]) {
      const shown = parametersOf('personalize', 'CreateDatasetGroup', input);
      expect(Buffer.byteLength(JSON.stringify(shown))).toBeLessThanOrEqual(8_000);
    }
  });

  it('of a large input are made without reading all of it', () => {
    let reads = 0;
    const names = Array.from({ length: 5_000 }, (_, index) => `member${index}`);
    const input = Object.defineProperties(
      {},
      Object.fromEntries(
        names.map((name) => [
          name,
          {
            enumerable: true,
            get: () => {
              reads += 1;
              return 'x'.repeat(90);
            },
          },
        ]),
      ),
    );
    const shown = parametersOf('personalize', 'CreateDatasetGroup', input);
    expect(JSON.stringify(shown)).toContain('more than 8000 bytes');
    expect(reads).toBeLessThan(300);
  });

  it('count values that have no text, too', () => {
    let reads = 0;
    const counted = new Proxy([1, 2, 3, 4, 5], {
      get: (target, name) => {
        if (name === '0') reads += 1;
        return Reflect.get(target, name);
      },
    });
    const rows = Array.from({ length: 50 }, () => Array.from({ length: 50 }, () => Array(50).fill(counted)));
    expect(parametersOf('personalize', 'CreateDatasetGroup', { rows })).toBeDefined();
    expect(reads).toBeLessThan(5_000);
  });

  it('are absent where the input was not read', () => {
    const operation = serviceModels().get('personalize')?.operations.get('ListSchemas');
    expect(recordedParameters({ route: { operation } } as unknown as Stage)).toBeUndefined();
  });
});
