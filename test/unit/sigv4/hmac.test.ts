import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { HmacKey } from '../../../src/sigv4/hmac.ts';

const key = fc.uint8Array({ minLength: 0, maxLength: 64 });
const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.string({ minLength: 900, maxLength: 1200 }),
);

it('an HMAC is the one of Node, for every key of at most a block and every text', () => {
  fc.assert(
    fc.property(key, fc.array(text, { minLength: 1, maxLength: 4 }), (bytes, texts) => {
      const hmac = new HmacKey(bytes);
      for (const each of texts)
        expect(hmac.sign(each)).toBe(createHmac('sha256', bytes).update(each).digest('hex'));
    }),
    { numRuns: 500 },
  );
});

// https://www.rfc-editor.org/rfc/rfc4231#section-4.3
it('an HMAC is the one that RFC 4231 gives', () => {
  expect(new HmacKey(Buffer.from('Jefe')).sign('what do ya want for nothing?')).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  );
});

it('a key that is longer than a block is refused, not cut', () => {
  expect(() => new HmacKey(new Uint8Array(65))).toThrow('a key of 65 bytes');
});
