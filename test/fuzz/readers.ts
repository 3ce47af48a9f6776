import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import querystring from 'node:querystring';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { decode } from 'cbor2';
import express, { type Request } from 'express';
import { serve } from '../e2e/exchange.ts';
import type { RawRequest } from './far-end.ts';

/** What a server reads in a request; parameters that are given several times are lists. */
export interface Reading {
  /** What cannot be read is not read as something else. */
  readonly unreadable?: string;
  readonly path?: string;
  readonly target?: string | null;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly form?: Readonly<Record<string, unknown>>;
  /** Of JSON or CBOR. */
  readonly data?: unknown;
  /** Of an XML document: every `Key` of an `Object`. */
  readonly keys?: readonly string[];
}

export interface Reader {
  readonly name: string;
  read(request: RawRequest): Promise<Reading>;
}

export interface Readers extends AsyncDisposable {
  readonly readers: readonly Reader[];
  /** Readers that this machine does not have. */
  readonly missing: readonly string[];
}

const FORM = 'application/x-www-form-urlencoded';
const CBOR = 'application/cbor';
const LIMIT = '20mb';

/** Express with its parsers, Python's http.server where Python is installed, and Node's own URL and querystring. */
export async function openReaders(): Promise<Readers> {
  const server = await serve(expressApp());
  const python = spawnSync('python3', ['--version']).status === 0 ? await openPython() : undefined;
  return {
    readers: [
      { name: 'Node', read: async (request) => orUnreadable(() => readWithNode(request)) },
      { name: 'Express', read: (request) => replay(server.url, request) },
      ...(python ? [{ name: 'Python', read: (request: RawRequest) => replay(python.url, request) }] : []),
    ],
    missing: python ? [] : ['python3'],
    [Symbol.asyncDispose]: async () => {
      python?.child.kill();
      await server[Symbol.asyncDispose]();
    },
  };
}

function expressApp() {
  const app = express();
  app.set('query parser', 'extended');
  app.use(
    express.json({ type: (incoming) => /json/.test(incoming.headers['content-type'] ?? ''), limit: LIMIT }),
  );
  app.use(express.urlencoded({ extended: true, limit: LIMIT, parameterLimit: 100_000 }));
  app.use(express.raw({ type: CBOR, limit: LIMIT }));
  app.use((request: Request, response) => {
    const { path, query, headers } = request;
    const isForm = request.is(FORM) !== false && request.is(FORM) !== null;
    const body: unknown = request.body;
    const data = Buffer.isBuffer(body) ? (body.length > 0 ? jsonLike(decode(body)) : {}) : body;
    response.json({
      path: decodeURIComponent(path),
      query,
      target: headers['x-amz-target'],
      ...(isForm ? { form: body } : { data }),
    });
  });
  app.use((cause: Error, _request: Request, response: express.Response, _next: express.NextFunction) => {
    response.json({ unreadable: cause.message });
  });
  return app;
}

async function openPython(): Promise<{ readonly url: string; readonly child: ChildProcess }> {
  const script = fileURLToPath(new URL('reader.py', import.meta.url));
  const child = spawn('python3', [script], { stdio: ['pipe', 'pipe', 'ignore'] });
  const [port] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { url: `http://127.0.0.1:${port}`, child };
}

/** Sends the very bytes to a server that says how it reads them. */
async function replay(url: string, { bytes }: RawRequest): Promise<Reading> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.end(bytes);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  const answer = Buffer.concat(chunks).toString();
  const status = Number(answer.split(' ')[1]);
  if (status !== 200) return { unreadable: `status ${status}` };
  return JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)) as Reading;
}

function orUnreadable(read: () => Reading): Reading {
  try {
    return read();
  } catch (cause) {
    return { unreadable: String(cause) };
  }
}

function readWithNode({ target, headers, body }: RawRequest): Reading {
  const header = (wanted: string) => headers.findLast(([name]) => name.toLowerCase() === wanted)?.[1];
  const url = new URL(target, 'http://upstream');
  const type = header('content-type') ?? '';
  const charset = /charset="?([^";]+)/.exec(type)?.[1] ?? 'utf-8';
  const plain = header('content-encoding')?.toLowerCase() === 'gzip' ? gunzipSync(body) : body;
  const text = (): string => new TextDecoder(charset).decode(plain);
  const base = {
    path: decodeURIComponent(url.pathname),
    target: header('x-amz-target') ?? null,
    query: querystring.parse(url.search.slice(1)),
  };
  if (type.startsWith(FORM)) return { ...base, form: querystring.parse(text(), '&', '=', { maxKeys: 0 }) };
  if (type.startsWith(CBOR)) return { ...base, data: plain.length > 0 ? jsonLike(decode(plain)) : {} };
  return { ...base, data: plain.length > 0 && type.includes('json') ? JSON.parse(text()) : {} };
}

/** What JSON cannot hold, as the reader in Python writes it. */
function jsonLike(value: unknown): unknown {
  if (value instanceof Date) return { timestamp: value.getTime() / 1000 };
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('hex') };
  if (value instanceof Map) return { map: [...value].map(jsonLike) };
  if (Array.isArray(value)) return value.map(jsonLike);
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, jsonLike(item)]));
}
