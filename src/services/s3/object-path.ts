import { join } from 'node:path';

/** What a file system cannot have in a name, and `%`, which replaces it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get into a name
const ESCAPED = /[%\\\u0000-\u001f\u007f]/g;
/** A segment without text, as in `folder/` or `a//b`. No escape looks like it. */
const EMPTY = '%-';
/** Ends a folder's name where the segment of the key goes on in the next name. No escape looks like it. */
const GOES_ON = '%+';
/** Follows the name of an object that is also the folder of others: `a` beside `a/b`. No escape looks like it. */
const BESIDE_FOLDER = '%object';
/** File systems take 255 bytes a name; the rest is for the endings. */
const MOST_NAME_BYTES = 240;
/** What must stay in one name: an escape, or a character. */
const UNIT = /%[0-9A-F]{2}|[\s\S]/gu;

/**
 * Where an object is under the folder of its bucket: its key as a path, so that a person finds it and can put one there.
 * A segment that is too long for a file's name goes on in a folder. No key leads out of the bucket's folder.
 */
export function pathOfKey(key: string): string {
  return join(...key.split('/').map(nameOfSegment).flatMap(piecesOf));
}

/** Where the object is when that path is a folder. */
export const pathBesideFolder = (path: string): string => `${path}${BESIDE_FOLDER}`;

/** The key of a file under the folder of its bucket; `undefined` for a file that no key has. */
export function keyOfPath(path: string): string | undefined {
  const plain = path.endsWith(BESIDE_FOLDER) ? path.slice(0, -BESIDE_FOLDER.length) : path;
  try {
    const key = plain.replaceAll(`${GOES_ON}/`, '').split('/').map(segmentOfName).join('/');
    return pathOfKey(key) === plain ? key : undefined;
  } catch {
    return undefined;
  }
}

function nameOfSegment(segment: string): string {
  if (segment === '') return EMPTY;
  if (segment === '.' || segment === '..') return segment.replaceAll('.', '%2E');
  return segment.replace(ESCAPED, (char) => encodeURIComponent(char));
}

function piecesOf(name: string): readonly string[] {
  if (Buffer.byteLength(name) <= MOST_NAME_BYTES) return [name];
  const pieces = [''];
  let bytes = 0;
  for (const [unit] of name.matchAll(UNIT)) {
    const size = Buffer.byteLength(unit);
    if (bytes + size > MOST_NAME_BYTES) {
      pieces.push('');
      bytes = 0;
    }
    pieces[pieces.length - 1] += unit;
    bytes += size;
  }
  return pieces.map((piece, index) => (index < pieces.length - 1 ? `${piece}${GOES_ON}` : piece));
}

const segmentOfName = (name: string): string => (name === EMPTY ? '' : decodeURIComponent(name));
