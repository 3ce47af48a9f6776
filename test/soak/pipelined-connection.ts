import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A response as its bytes say it. */
export interface RawResponse {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** No response may take longer, on a machine that is busy with other things. */
const MAX_MILLIS = 20_000;

/** A connection over which several requests may be under way; their responses come in their order. */
export class PipelinedConnection implements Disposable {
  readonly #socket: Socket;
  readonly #waiting: PromiseWithResolvers<RawResponse>[] = [];
  #received: Buffer = Buffer.alloc(0);

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('close', () => this.#fail(new Error('the connection was closed before the response')));
  }

  static async open(url: string): Promise<PipelinedConnection> {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    await once(socket, 'connect');
    return new PipelinedConnection(socket);
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed && this.#socket.writable;
  }

  /** Sends a request. @throws where the connection ends first, or no response comes in time */
  async send(bytes: Buffer): Promise<RawResponse> {
    const waiting = Promise.withResolvers<RawResponse>();
    this.#waiting.push(waiting);
    const timeout = setTimeout(() => {
      this.#fail(new Error(`no response within ${MAX_MILLIS} ms`));
      this.#socket.destroy();
    }, MAX_MILLIS);
    this.#socket.write(bytes);
    try {
      return await waiting.promise;
    } finally {
      clearTimeout(timeout);
    }
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  #fail(cause: Error): void {
    for (const { reject } of this.#waiting.splice(0)) reject(cause);
  }

  #take(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    for (let read = parse(this.#received); read; read = parse(this.#received)) {
      this.#received = this.#received.subarray(read.length);
      this.#waiting.shift()?.resolve(read.response);
    }
  }
}

const HEAD_END = '\r\n\r\n';

/** The first whole response, and how many bytes it has. */
export function parse(
  bytes: Buffer,
): { readonly response: RawResponse; readonly length: number } | undefined {
  const end = bytes.indexOf(HEAD_END);
  if (end < 0) return undefined;
  const [start = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const from = end + HEAD_END.length;
  const body =
    headers.get('transfer-encoding') === 'chunked'
      ? chunked(bytes, from)
      : sized(bytes, from, Number(headers.get('content-length') ?? 0));
  if (body === undefined) return undefined;
  return { response: { status: Number(start.split(' ')[1]), headers, body: body.text }, length: body.end };
}

interface Body {
  readonly text: string;
  readonly end: number;
}

function sized(bytes: Buffer, from: number, size: number): Body | undefined {
  const end = from + size;
  return bytes.length < end ? undefined : { text: bytes.toString('utf8', from, end), end };
}

function chunked(bytes: Buffer, from: number): Body | undefined {
  const parts: Buffer[] = [];
  for (let at = from; ; ) {
    const line = bytes.indexOf('\r\n', at);
    if (line < 0) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', at, line), 16);
    const end = line + 2 + size + 2;
    if (bytes.length < end) return undefined;
    if (size === 0) return { text: Buffer.concat(parts).toString('utf8'), end };
    parts.push(bytes.subarray(line + 2, end - 2));
    at = end;
  }
}
