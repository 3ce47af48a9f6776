import type { OutgoingMessage } from 'node:http';

/** A longer body is not copied. */
const SMALL_BYTES = 16_384;

/**
 * Ends a message with its body. Node writes a string and the head before it in one piece, and bytes apart from it: small
 * bytes go as a string of Latin-1, in which every character is one byte.
 */
export function endMessage(message: OutgoingMessage, body: Uint8Array | string): void {
  if (typeof body === 'string' || body.length > SMALL_BYTES) message.end(body);
  else message.end(Buffer.from(body.buffer, body.byteOffset, body.length).toString('latin1'), 'latin1');
}
