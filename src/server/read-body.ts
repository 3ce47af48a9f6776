import type { IncomingMessage } from 'node:http';
import { err, ok, type Result } from '../lib/result.ts';

/** Bodies of ordinary calls. A longer one is read only as far as its request's head allows. */
export const SMALL_BODY_BYTES = 64_000;

/** How long a client that announced a body may send nothing of it, in milliseconds. */
export const BODY_SILENCE_MILLIS = 30_000;

export interface ReadBodyOptions {
  readonly maxBytes: number;
  /** Whether there is room for so many bytes more. */
  readonly take: (bytes: number) => boolean;
  readonly silenceMillis?: number;
}

/** Why a body was not read to its end. */
export type UnreadBody = 'too-large' | 'no-room' | 'silent';

/** The length that a request declares; `undefined` for a body in chunks. */
export function declaredLength({ headers }: IncomingMessage): number | undefined {
  if (headers['transfer-encoding'] !== undefined) return undefined;
  return Number(headers['content-length'] ?? 0);
}

/**
 * The raw bytes of a body. Memory is taken as bytes arrive: at most twice as many, or SMALL_BODY_BYTES if that is more.
 * A length that is only declared takes none.
 * @throws where the client went away
 */
export function readBody(
  incoming: IncomingMessage,
  { maxBytes, take, silenceMillis = BODY_SILENCE_MILLIS }: ReadBodyOptions,
): Promise<Result<Buffer, UnreadBody>> {
  const declared = declaredLength(incoming);
  if (declared !== undefined && declared > maxBytes) return Promise.resolve(err('too-large'));
  const { promise, resolve, reject } = Promise.withResolvers<Result<Buffer, UnreadBody>>();
  const body = new GrowingBuffer(declared ?? maxBytes, take);
  const silence = setTimeout(() => finish(err('silent')), silenceMillis);
  const onData = (chunk: Buffer): void => {
    silence.refresh();
    if (body.length + chunk.length > maxBytes) finish(err('too-large'));
    else if (!body.append(chunk)) finish(err('no-room'));
  };
  const onEnd = (): void => finish(ok(body.content()));
  const onClose = (): void => {
    stop();
    reject(new Error('the client closed the connection in the middle of its body'));
  };
  const stop = (): void => {
    clearTimeout(silence);
    incoming.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onClose);
    incoming.on('error', ignore);
  };
  const finish = (result: Result<Buffer, UnreadBody>): void => {
    stop();
    resolve(result);
  };
  // Not `once`, which allocates objects for each listener: the first event that settles the body removes all of them.
  incoming.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose);
  return promise;
}

/** The body is settled: a later reset changes nothing. */
const ignore = (): void => {};

const NO_BYTES: Buffer = Buffer.alloc(0);

/** Where bytes are collected: its room doubles until it is as large as it can become. */
class GrowingBuffer {
  readonly #maxBytes: number;
  readonly #take: (bytes: number) => boolean;
  #bytes: Buffer = NO_BYTES;
  length = 0;

  constructor(maxBytes: number, take: (bytes: number) => boolean) {
    this.#maxBytes = maxBytes;
    this.#take = take;
  }

  append(chunk: Buffer): boolean {
    const needed = this.length + chunk.length;
    // Most bodies are one chunk, which is copied only when another one follows. A small first chunk is copied at once, into
    // a buffer with room for more: so a body in tiny chunks is not copied again with each of them.
    if (this.length === 0 && (needed === this.#maxBytes || needed > SMALL_BODY_BYTES / 2)) {
      if (!this.#take(needed)) return false;
      this.#bytes = chunk;
    } else {
      if (needed > this.#bytes.length && !this.#grow(needed)) return false;
      chunk.copy(this.#bytes, this.length);
    }
    this.length = needed;
    return true;
  }

  content(): Buffer {
    return this.length === this.#bytes.length ? this.#bytes : this.#bytes.subarray(0, this.length);
  }

  #grow(needed: number): boolean {
    const room = Math.min(Math.max(needed, 2 * this.#bytes.length, SMALL_BODY_BYTES), this.#maxBytes);
    if (!this.#take(room - this.#bytes.length)) return false;
    const grown = Buffer.allocUnsafeSlow(room);
    this.#bytes.copy(grown, 0, 0, this.length);
    this.#bytes = grown;
    return true;
  }
}

/** How many bytes of request bodies the process holds at a time, over all connections. */
export interface BodyBudget {
  /** Whether there is room for more; what was taken is given back when its request was answered. */
  take(bytes: number, isSmall: boolean): boolean;
  give(bytes: number): void;
}

/** Large bodies leave a quarter to small ones: a few slow uploads do not keep ordinary calls out. */
const LARGE_SHARE = 0.75;

export function createBodyBudget(maxBytes: number): BodyBudget {
  let taken = 0;
  return {
    take(bytes, isSmall) {
      if (taken + bytes > (isSmall ? maxBytes : maxBytes * LARGE_SHARE)) return false;
      taken += bytes;
      return true;
    },
    give(bytes) {
      taken -= bytes;
    },
  };
}
