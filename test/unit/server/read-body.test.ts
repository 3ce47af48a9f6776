import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { readBody, SMALL_BODY_BYTES } from '../../../src/server/read-body.ts';

interface Sending {
  /** In bytes; the body is sent in chunks, without a declared length, if it is absent. */
  readonly declared?: number;
  readonly chunks: readonly number[];
  readonly maxBytes?: number;
  /** How many bytes there is room for. */
  readonly room?: number;
}

/** Reads a body that arrives in chunks of these lengths. */
async function read({ declared, chunks, maxBytes = 1_000_000, room = Number.POSITIVE_INFINITY }: Sending) {
  const incoming = new IncomingMessage(new Socket());
  incoming.headers =
    declared === undefined ? { 'transfer-encoding': 'chunked' } : { 'content-length': String(declared) };
  const asked: number[] = [];
  let taken = 0;
  const take = (bytes: number): boolean => {
    asked.push(bytes);
    if (taken + bytes > room) return false;
    taken += bytes;
    return true;
  };
  const reading = readBody(incoming, { maxBytes, take });
  /** After each chunk: the bytes that were sent, and those that were taken. */
  const steps: { readonly sent: number; readonly taken: number }[] = [];
  let sent = 0;
  incoming.on('data', (chunk: Buffer) => {
    sent += chunk.length;
    steps.push({ sent, taken });
  });
  const body = chunks.map((length, index) => Buffer.alloc(length, index % 251));
  for (const chunk of body) incoming.push(chunk);
  incoming.push(null);
  const result = await reading;
  return { result, body: Buffer.concat(body), asked, steps };
}

const BODIES: readonly (readonly [name: string, Sending])[] = [
  ['one small chunk that is the whole declared body', { declared: 10, chunks: [10] }],
  ['one large chunk that is the whole declared body', { declared: 60_000, chunks: [60_000] }],
  [
    'a first chunk of more than 32,000 bytes and others after it',
    { declared: 150_000, chunks: [40_000, 60_000, 50_000] },
  ],
  [
    'a small first chunk and larger ones after it',
    { declared: 200_000, chunks: [100, 60_000, 65_000, 74_900] },
  ],
  ['many small chunks', { declared: 100_000, chunks: Array<number>(10_000).fill(10) }],
  ['one small chunk without a declared length', { chunks: [100] }],
  ['one large chunk without a declared length', { chunks: [50_000] }],
  ['many large chunks without a declared length', { chunks: Array<number>(10).fill(50_000) }],
  ['many small chunks without a declared length', { chunks: Array<number>(5_000).fill(30) }],
];

describe('the body of a request', () => {
  it.each(BODIES)('is what was sent: %s', async (_, sending) => {
    const { result, body } = await read(sending);
    expect(result.ok && result.value.equals(body)).toBe(true);
  });

  it.each(BODIES)('has room for all of it and at most for twice as much: %s', async (_, sending) => {
    const { steps } = await read(sending);
    expect(steps).toHaveLength(sending.chunks.length);
    expect(steps.filter(({ sent, taken }) => taken < sent)).toEqual([]);
    expect(steps.filter(({ sent, taken }) => taken > Math.max(2 * sent, SMALL_BODY_BYTES))).toEqual([]);
    expect(steps.filter(({ taken }) => taken > (sending.declared ?? taken))).toEqual([]);
  });

  it('asks for room a few times, however many chunks there are', async () => {
    const { asked } = await read({ declared: 100_000, chunks: Array<number>(10_000).fill(10) });
    expect(asked).toEqual([64_000, 36_000]);
  });

  it('is empty where nothing was sent, and takes no room', async () => {
    expect(await read({ declared: 0, chunks: [] })).toMatchObject({
      result: { ok: true, value: { length: 0 } },
      asked: [],
    });
  });
});

describe('a body that there is no room for', () => {
  it.each<readonly [string, Sending]>([
    ['the first chunk, which is the whole body', { declared: 10, chunks: [10], room: 9 }],
    ['a large first chunk', { declared: 90_000, chunks: [40_000, 50_000], room: 39_999 }],
    ['a small first chunk', { declared: 90_000, chunks: [10, 89_990], room: 63_999 }],
    ['a first chunk without a declared length', { chunks: [10], room: 63_999 }],
  ])('is refused at %s', async (_, sending) => {
    const { result, asked } = await read(sending);
    expect(result).toEqual({ ok: false, error: 'no-room' });
    expect(asked).toHaveLength(1);
  });

  it.each<readonly [string, Sending]>([
    ['after a large one', { declared: 90_000, chunks: [40_000, 50_000], room: 89_999 }],
    ['after small ones', { declared: 90_000, chunks: Array<number>(9_000).fill(10), room: 89_999 }],
    ['without a declared length', { chunks: [40_000, 50_000], room: 89_999 }],
  ])('is refused at a later chunk %s', async (_, sending) => {
    const { result, asked } = await read(sending);
    expect(result).toEqual({ ok: false, error: 'no-room' });
    expect(asked).toHaveLength(2);
  });
});

describe('a body that is too large', () => {
  it('is refused before anything of it is read if it declares its length', async () => {
    const { result, asked } = await read({ declared: 101, chunks: [50, 51], maxBytes: 100 });
    expect(result).toEqual({ ok: false, error: 'too-large' });
    expect(asked).toEqual([]);
  });

  it('is refused at the chunk that exceeds the limit if it does not declare its length', async () => {
    expect((await read({ chunks: [60, 40], maxBytes: 100 })).result.ok).toBe(true);
    expect((await read({ chunks: [60, 41], maxBytes: 100 })).result).toEqual({
      ok: false,
      error: 'too-large',
    });
  });
});
