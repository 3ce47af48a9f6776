import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { jsonCall, rawCall, signatory } from '../e2e/exchange.ts';
import { editsWith, FRAMING_STRINGS } from './arbitraries.ts';
import { checkReadings, type Ground } from './calls.ts';
import { type Edit, edited, type Target, withinBound } from './targets.ts';

interface FramingCase {
  /** How many calls follow one another on the connection. */
  readonly calls: number;
  readonly edits: readonly Edit[];
}

/** Bytes of HTTP, edited wherever: lengths, chunks, line ends, pipelined requests. */
export const framingTarget = ({ proxy, farEnd, readers, forwardedRecords }: Ground): Target<FramingCase> => ({
  name: 'framing',
  cases: fc.record({ calls: fc.integer({ min: 1, max: 3 }), edits: editsWith(FRAMING_STRINGS) }),
  check: async ({ calls, edits }) => {
    const one = rawCall(signatory(proxy, 'alice'), jsonCall('ListCampaigns', { maxResults: 5 }));
    const bytes = edited(Buffer.concat(Array.from({ length: calls }, () => one)), edits);
    const answer = await withinBound('a connection', converse(proxy.url, bytes));
    if (FAILED.test(answer)) throw new Error(`the proxy failed: ${answer.slice(0, 2000)}`);
    for (const request of farEnd.take()) await checkReadings(request, 'ListCampaigns', readers);
    // Where the client left, its record may come before the request reaches the upstream, or after it.
    await withinBound(
      'a record of each',
      until(() => forwardedRecords() >= farEnd.total()),
    );
  },
});

const FAILED = /^HTTP\/1\.1 (?:500|502|504) /m;

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await setTimeout(2);
}

/** A connection with nothing to send and nothing to get is over. */
const SILENCE_MILLIS = 100;

/** Everything that comes back until the proxy closes, or is silent and is told that no more comes. */
async function converse(url: string, bytes: Buffer): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  const closed = Promise.withResolvers<void>();
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk) => {
    text += chunk;
  });
  socket.on('error', () => {}).on('close', () => closed.resolve());
  socket.setTimeout(SILENCE_MILLIS, () => socket.end());
  socket.write(bytes);
  await closed.promise;
  return text;
}
