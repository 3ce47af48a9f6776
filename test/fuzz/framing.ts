import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { jsonCall, rawCall, signatory } from '../e2e/exchange.ts';
import { editsWith, FRAMING_STRINGS } from './arbitraries.ts';
import { checkReadings, type Ground } from './calls.ts';
import type { RawRequest } from './far-end.ts';
import { type Edit, edited, type Target, withinBound } from './targets.ts';

interface FramingCase {
  /** How many calls follow one another on the connection. */
  readonly calls: number;
  readonly edits: readonly Edit[];
}

/** Bytes of HTTP, edited wherever: lengths, chunks, line ends, pipelined requests. */
export const framingTarget = (ground: Ground): Target<FramingCase> => ({
  name: 'framing',
  cases: fc.record({ calls: fc.integer({ min: 1, max: 3 }), edits: editsWith(FRAMING_STRINGS) }),
  check: (value) => checkFraming(value, ground),
});

async function checkFraming({ calls, edits }: FramingCase, ground: Ground): Promise<void> {
  const { proxy, farEnd, readers } = ground;
  const one = rawCall(signatory(proxy, 'alice'), jsonCall('ListCampaigns', { maxResults: 5 }));
  const known = new Set(proxy.decisions.map(({ id }) => id));
  const bytes = edited(Buffer.concat(Array.from({ length: calls }, () => one)), edits);
  const answer = await withinBound('a connection', sendAndEnd(proxy.url, bytes));
  if (/^HTTP\/1\.1 (?:500|502|504) /m.test(answer))
    throw new Error(`the proxy failed: ${answer.slice(0, 2000)}`);
  const forwarded: RawRequest[] = [];
  // A request whose client has left is on its way still; its record comes when it ends.
  const recorded = async (): Promise<void> => {
    for (;;) {
      forwarded.push(...farEnd.take());
      const records = proxy.decisions.filter(({ id, outcome }) => outcome === 'forwarded' && !known.has(id));
      if (records.length >= forwarded.length) return;
      await setTimeout(2);
    }
  };
  await withinBound(`the records of ${forwarded.length} forwarded requests`, recorded());
  for (const request of forwarded) await checkReadings(request, 'ListCampaigns', readers);
}

/** Everything that comes back until the proxy closes; the client says that it sends no more. */
async function sendAndEnd(url: string, bytes: Buffer): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  const closed = Promise.withResolvers<void>();
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk) => {
    text += chunk;
  });
  socket.on('error', () => {}).on('close', () => closed.resolve());
  socket.end(bytes);
  await closed.promise;
  return text;
}
