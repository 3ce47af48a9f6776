import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** A request as its bytes say it. */
export interface RawRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  readonly bytes: Buffer;
}

const HEAD_END = '\r\n\r\n';
const ANSWER = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}';

/** An upstream that keeps the bytes of what reaches it, and answers everything. */
export interface FarEnd extends AsyncDisposable {
  readonly url: string;
  /** What came since the last time. */
  take(): readonly RawRequest[];
  /** How many came since the start. */
  total(): number;
}

export async function openFarEnd(): Promise<FarEnd> {
  let taken: RawRequest[] = [];
  let total = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let pending = Buffer.alloc(0);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    socket.on('data', (chunk: Buffer) => {
      pending = Buffer.concat([pending, chunk]);
      for (let request = parse(pending); request; request = parse(pending)) {
        pending = pending.subarray(request.bytes.length);
        taken.push(request);
        total += 1;
        socket.write(ANSWER);
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    total: () => total,
    take: () => {
      const requests = taken;
      taken = [];
      return requests;
    },
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** The proxy frames every body by its length. @throws where it does not */
function parse(bytes: Buffer): RawRequest | undefined {
  const end = bytes.indexOf(HEAD_END);
  if (end < 0) return undefined;
  const [start = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()] as const;
  });
  const named = (wanted: string) => headers.filter(([name]) => name.toLowerCase() === wanted);
  if (named('transfer-encoding').length > 0) throw new Error('forwarded in chunks');
  if (named('content-length').length > 1) throw new Error('forwarded with two lengths');
  const from = end + HEAD_END.length;
  const size = from + Number(named('content-length')[0]?.[1] ?? 0);
  if (bytes.length < size) return undefined;
  const [method = '', target = ''] = start.split(' ');
  return { method, target, headers, body: bytes.subarray(from, size), bytes: bytes.subarray(0, size) };
}
