/** A part of a body that is sent as it is made. */
export interface Chunk {
  readonly data: Buffer;
  /** Where the signer signs each chunk. */
  readonly signature?: string;
}

export interface ChunkedBody {
  /** The last one is empty. */
  readonly chunks: readonly Chunk[];
  /** What follows the last chunk, in the order sent; names in lower case. */
  readonly trailers: readonly (readonly [name: string, value: string])[];
}

const CRLF = '\r\n';
const CHUNK_HEAD = /^([0-9a-fA-F]{1,8})(?:;chunk-signature=([0-9a-f]{64}))?$/;
const TRAILER = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):([\s\S]*)$/;
const OUTER_BLANKS = /^[ \t]+|(?<![ \t])[ \t]+$/g;
/** Far longer than any size with its signature, or any checksum. */
const MOST_LINE_BYTES = 1024;

/** Why a body is not in chunks: it ends early, goes on or has no sizes; or what follows its chunks is no header. */
export type ChunkDiagnostic = 'incomplete' | 'malformedTrailer';

/**
 * Takes `content-encoding: aws-chunked` apart; the diagnostic of a body that is not exactly so, to its last byte. A trailer may
 * end with a line feed of its own before the line's end, as MinIO's Go client and AWS's published example write it.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export function readChunks(body: Uint8Array): ChunkedBody | ChunkDiagnostic {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const chunks: Chunk[] = [];
  let at = 0;
  const line = (): string | undefined => {
    const end = bytes.indexOf(CRLF, at);
    if (end < 0 || end - at > MOST_LINE_BYTES) return undefined;
    const text = bytes.toString('latin1', at, end);
    at = end + CRLF.length;
    return text;
  };
  for (;;) {
    const [, hex, signature] = CHUNK_HEAD.exec(line() ?? '') ?? [];
    if (hex === undefined) return 'incomplete';
    const size = Number.parseInt(hex, 16);
    const data = bytes.subarray(at, at + size);
    chunks.push({ data, ...(signature !== undefined && { signature }) });
    if (size === 0) break;
    at += size;
    if (line() !== '') return 'incomplete';
  }
  const trailers: (readonly [string, string])[] = [];
  for (;;) {
    const text = line();
    if (text === undefined) return 'incomplete';
    if (text === '') return at === bytes.length ? { chunks, trailers } : 'incomplete';
    const [, name, value] = TRAILER.exec(text.endsWith('\n') ? text.slice(0, -1) : text) ?? [];
    if (name === undefined || value === undefined) return 'malformedTrailer';
    if (/[\r\n]/.test(value)) return 'malformedTrailer';
    trailers.push([name.toLowerCase(), value.replaceAll(OUTER_BLANKS, '')]);
  }
}
